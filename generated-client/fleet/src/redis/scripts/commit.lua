-- Appends changes and moves the cursor, both or neither, and only for whoever holds the tenant.
-- KEYS: 1 lease, 2 cursor, 3 stream
-- ARGV: 1 worker, 2 fence, 3 revision, 4 how long the lease lasts in ms, 5 how many entries the stream may have,
--       6 the cursor, 7 how many arguments an entry has, then those of each entry
-- Returns: {ok, revision}, {fenced}, {moved}, {full, entries}.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function parts(id)
  local ms, sequence = string.match(id, '^(%d+)-(%d+)$')
  return tonumber(ms), tonumber(sequence)
end

local function before(one, other)
  local a, b = parts(one)
  local c, d = parts(other)
  return a < c or (a == c and b < d)
end

-- Deletes what every group has acknowledged. Without a group nothing goes.
local function trim()
  local lowest
  for _, info in ipairs(redis.call('XINFO', 'GROUPS', KEYS[3])) do
    local group = {}
    for field = 1, #info, 2 do
      group[info[field]] = info[field + 1]
    end
    local first
    if group['pending'] > 0 then
      first = redis.call('XPENDING', KEYS[3], group['name'])[2]
    else
      local ms, sequence = string.match(group['last-delivered-id'], '^(%d+)-(%d+)$')
      first = ms .. '-' .. string.format('%.0f', tonumber(sequence) + 1)
    end
    if not lowest or before(first, lowest) then
      lowest = first
    end
  end
  if lowest then
    redis.call('XTRIM', KEYS[3], 'MINID', '=', lowest)
  end
end

local lease = redis.call('HMGET', KEYS[1], 'owner', 'fence')
if lease[1] ~= ARGV[1] or lease[2] ~= ARGV[2] then
  return { 'fenced' }
end
if (redis.call('HGET', KEYS[2], 'revision') or '0') ~= ARGV[3] then
  return { 'moved' }
end
local width = tonumber(ARGV[7])
local entries = (#ARGV - 7) / width
if entries > 0 then
  local most = tonumber(ARGV[5])
  local length = redis.call('XLEN', KEYS[3])
  if length > 0 and length + entries > most / 2 then
    trim()
    length = redis.call('XLEN', KEYS[3])
  end
  if length + entries > most then
    return { 'full', length }
  end
  for entry = 0, entries - 1 do
    local first = 8 + entry * width
    redis.call('XADD', KEYS[3], '*', unpack(ARGV, first, first + width - 1))
  end
end
local revision = tonumber(ARGV[3]) + 1
redis.call('HSET', KEYS[2], 'revision', revision, 'text', ARGV[6])
redis.call('HSET', KEYS[1], 'until', now + ARGV[4])
return { 'ok', revision }
