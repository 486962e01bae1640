-- Notes which run of the server this is. Whoever connects calls it before anything else.
-- KEYS: 1 run
-- ARGV: 1 the server's run id, 2 the fleet's id as the caller knows it ('' for none), 3 a new id
-- Returns: the fleet's id, the number of the run, and how it began: first, restart, lost.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local known = redis.call('HMGET', KEYS[1], 'id', 'run', 'number', 'began', 'since')
if not known[1] then
  local began = ARGV[2] == '' and 'first' or 'lost'
  redis.call('HSET', KEYS[1], 'id', ARGV[3], 'run', ARGV[1], 'number', 1, 'began', began, 'since', now)
  return { ARGV[3], 1, began }
end
if known[2] ~= ARGV[1] then
  local number = tonumber(known[3]) + 1
  -- A restart soon after a loss changes nothing: no window is longer than a day.
  local began = known[4] == 'lost' and now - tonumber(known[5]) < 86400000 and 'lost' or 'restart'
  redis.call('HSET', KEYS[1], 'run', ARGV[1], 'number', number, 'began', began, 'since', now)
  return { known[1], number, began }
end
return { known[1], tonumber(known[3]), known[4] }
