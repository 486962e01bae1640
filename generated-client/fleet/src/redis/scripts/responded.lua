-- Notes that the service responded without throttling while requests were spaced: it is asked more often again.
-- KEYS: 1 the scope's state
-- ARGV: 1 what counts as no spacing in ms
local spacing = tonumber(redis.call('HGET', KEYS[1], 'spacing') or 0) * 0.7
if spacing < tonumber(ARGV[1]) then
  spacing = 0
end
redis.call('HSET', KEYS[1], 'spacing', spacing)
return math.ceil(spacing)
