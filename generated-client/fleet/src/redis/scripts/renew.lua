-- Keeps tenants for another lease's time.
-- KEYS: for each tenant its lease and its cursor
-- ARGV: 1 worker, 2 how long the lease lasts in ms, then for each tenant its fence and its revision
-- Returns: the numbers, from 1, of those that are not the worker's any more, or whose cursor is another one.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local lost = {}
for number = 1, #KEYS / 2 do
  local key, argument = 2 * number - 1, 2 * number + 1
  local lease = redis.call('HMGET', KEYS[key], 'owner', 'fence')
  local revision = redis.call('HGET', KEYS[key + 1], 'revision') or '0'
  if lease[1] == ARGV[1] and lease[2] == ARGV[argument] and revision == ARGV[argument + 1] then
    redis.call('HSET', KEYS[key], 'until', now + ARGV[2])
  else
    lost[#lost + 1] = number
  end
end
return lost
