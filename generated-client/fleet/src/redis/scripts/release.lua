-- Gives a tenant back.
-- KEYS: 1 lease
-- ARGV: 1 worker, 2 fence
local lease = redis.call('HMGET', KEYS[1], 'owner', 'fence')
if lease[1] == ARGV[1] and lease[2] == ARGV[2] then
  redis.call('HSET', KEYS[1], 'owner', '', 'until', 0)
  return 1
end
return 0
