-- Gives permission to send one request, or says how long to wait: every window of every scope has to have room.
-- KEYS: 1 run, then for each scope: its state, the times of its requests, its queue, when those in the queue come back
-- ARGV: 1 worker, 2 how many windows each scope has, as 'n,n', then for each window its limit and its length in ms
-- Returns: {0, spacing} for a permission, {ms to wait, spacing} without one.
local LATE = 150 -- how much later than it was told a waiting worker may come back, in ms
local AMPLE = 16 -- for each that waits there is so much room where nobody has to take turns
local TURN = 5 -- how long a turn takes, about, in ms
local LOOK = 5000 -- no wait is told that is longer: a pause may begin or a worker go meanwhile
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local worker = ARGV[1]

local run = redis.call('HMGET', KEYS[1], 'number', 'began', 'since')
local number, began, since = run[1] or '0', run[2], tonumber(run[3] or 0)

local function push(key, times)
  local entries = {}
  for entry = 1, math.min(times, 5000) do
    entries[entry] = now
  end
  while times > 0 do
    local some = math.min(times, #entries)
    redis.call('RPUSH', key, unpack(entries, 1, some))
    times = times - some
  end
end

-- After a restart the last requests may be forgotten, and after a loss all of them: nothing is sent for one whole
-- window, and longer windows are charged with what may have been sent.
local function settle(scope)
  if scope.run == number then
    return
  end
  local short, long = scope.shortest, scope.longest
  if began == 'lost' then
    scope.hold = math.max(scope.hold, since + long.length)
  elseif began == 'restart' and since + long.length > now then
    scope.hold = math.max(scope.hold, since + short.length)
    if long.length > short.length then
      push(scope.log, math.min(short.limit, long.limit))
    end
  end
  redis.call('HSET', scope.state, 'run', number, 'hold', scope.hold)
end

local scopes, argument = {}, 3
for count in string.gmatch(ARGV[2], '%d+') do
  local key = 2 + 4 * #scopes
  local scope = { state = KEYS[key], log = KEYS[key + 1], queue = KEYS[key + 2], due = KEYS[key + 3], windows = {} }
  scope.most = 0
  for _ = 1, tonumber(count) do
    local window = { limit = tonumber(ARGV[argument]), length = tonumber(ARGV[argument + 1]) }
    argument = argument + 2
    scope.windows[#scope.windows + 1] = window
    scope.most = math.max(scope.most, window.limit)
    if not scope.shortest or window.length < scope.shortest.length then
      scope.shortest = window
    end
    if not scope.longest or window.length > scope.longest.length then
      scope.longest = window
    end
  end
  local state = redis.call('HMGET', scope.state, 'run', 'hold', 'pause', 'spacing', 'last')
  scope.run = state[1]
  scope.hold = tonumber(state[2] or 0)
  scope.pause = tonumber(state[3] or 0)
  scope.spacing = tonumber(state[4] or 0)
  scope.last = tonumber(state[5] or 0)
  settle(scope)
  scopes[#scopes + 1] = scope
end

-- How many other workers wait before this one, or would: whoever does not come back in time has gone.
local function ahead(scope)
  local gone = redis.call('ZRANGEBYSCORE', scope.due, '-inf', now)
  for _, one in ipairs(gone) do
    redis.call('ZREM', scope.queue, one)
    redis.call('ZREM', scope.due, one)
  end
  local rank = redis.call('ZRANK', scope.queue, worker)
  return rank or redis.call('ZCARD', scope.queue)
end

-- Whether there is room for many more than those who wait: then nobody has to wait for a turn.
local function is_ample(scope, others)
  for _, window in ipairs(scope.windows) do
    local index = window.limit - AMPLE * others
    local sent = index > 0 and redis.call('LINDEX', scope.log, -index)
    if index < 1 or (sent and tonumber(sent) + window.length > now) then
      return false
    end
  end
  return scope.spacing == 0
end

local function earliest(scope)
  local moment = math.max(scope.hold, scope.pause)
  if scope.last > 0 then
    moment = math.max(moment, scope.last + scope.spacing)
  end
  for _, window in ipairs(scope.windows) do
    local sent = redis.call('LINDEX', scope.log, -window.limit)
    if sent then
      moment = math.max(moment, tonumber(sent) + window.length)
    end
  end
  -- Workers take turns: one with many requests has no more of them than another.
  local others = ahead(scope)
  if others > 0 and not is_ample(scope, others) then
    moment = math.max(moment, now) + TURN * others
  end
  return moment
end

local wait, spacing = 0, 0
for _, scope in ipairs(scopes) do
  local left = math.min(math.ceil(earliest(scope) - now), LOOK)
  spacing = math.max(spacing, scope.spacing)
  if left > 0 then
    redis.call('ZADD', scope.queue, 'NX', redis.call('HINCRBY', scope.state, 'ticket', 1), worker)
    redis.call('ZADD', scope.due, now + left + LATE, worker)
    redis.call('PEXPIRE', scope.queue, left + LATE + scope.longest.length)
    redis.call('PEXPIRE', scope.due, left + LATE + scope.longest.length)
    wait = math.max(wait, left)
  end
end
for _, scope in ipairs(scopes) do
  if wait == 0 then
    redis.call('RPUSH', scope.log, now)
    redis.call('LTRIM', scope.log, -scope.most, -1)
    redis.call('PEXPIRE', scope.log, scope.longest.length + 60000)
    redis.call('ZREM', scope.queue, worker)
    redis.call('ZREM', scope.due, worker)
    redis.call('HSET', scope.state, 'last', now)
  end
  redis.call('PEXPIRE', scope.state, math.max(scope.longest.length, scope.hold - now, scope.pause - now) + 60000)
end
return { wait, math.ceil(spacing) }
