-- Says that a worker ends.
-- KEYS: 1 workers, 2 statuses
-- ARGV: 1 worker
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
return 1
