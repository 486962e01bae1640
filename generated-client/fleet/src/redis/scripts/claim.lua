-- Takes a tenant, unless another worker has it.
-- KEYS: 1 lease, 2 fence, 3 cursor
-- ARGV: 1 worker, 2 how long the lease lasts in ms
-- Returns: {0, ms until it can be had}, or {1, fence, revision, cursor, who had it or '', ms without anybody}.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local lease = redis.call('HMGET', KEYS[1], 'owner', 'until')
local owner, ends = lease[1], tonumber(lease[2] or 0)
if owner and owner ~= '' and owner ~= ARGV[1] and ends > now then
  return { 0, ends - now }
end
local before, gap = '', 0
if owner and owner ~= '' and owner ~= ARGV[1] then
  before, gap = owner, now - ends
end
local fence = redis.call('INCR', KEYS[2])
redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'fence', fence, 'until', now + ARGV[2])
local cursor = redis.call('HMGET', KEYS[3], 'revision', 'text')
return { 1, fence, tonumber(cursor[1] or 0), cursor[2], before, gap }
