-- Notes that the service responded to somebody with 429: everybody waits, and then begins slowly.
-- KEYS: 1 the scope's state
-- ARGV: 1 for how long the service asks to be left alone in ms, -1 where it does not say, 2 the longest pause in ms,
--       3 the first and 4 the longest spacing in ms
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local state = redis.call('HMGET', KEYS[1], 'pause', 'spacing')
local pause, spacing = tonumber(state[1] or 0), tonumber(state[2] or 0)
-- Several requests that were on their way together are one reason to slow down.
if pause <= now then
  spacing = math.min(math.max(spacing * 2, tonumber(ARGV[3])), tonumber(ARGV[4]))
end
local asked = tonumber(ARGV[1])
if asked <= 0 then
  asked = spacing
end
pause = math.max(pause, now + math.min(asked, tonumber(ARGV[2])))
redis.call('HSET', KEYS[1], 'pause', pause, 'spacing', spacing)
if redis.call('PTTL', KEYS[1]) < pause - now + 60000 then
  redis.call('PEXPIRE', KEYS[1], pause - now + 60000)
end
return pause - now
