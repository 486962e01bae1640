-- Moves an entry that cannot be dealt with to the dead-letter list, and acknowledges it.
-- KEYS: 1 stream, 2 dead-letter list
-- ARGV: 1 group, 2 entry, 3 why, 4 how often it was delivered
-- Returns: whether there was such an entry.
local found = redis.call('XRANGE', KEYS[1], ARGV[2], ARGV[2])
redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
if #found == 0 then
  return 0
end
local fields = found[1][2]
redis.call('XADD', KEYS[2], '*', 'group', ARGV[1], 'entry', ARGV[2], 'reason', ARGV[3], 'deliveries', ARGV[4], unpack(fields))
return 1
