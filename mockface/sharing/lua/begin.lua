local base = KEYS[1]
local function key(name) return base .. ':' .. name end
local function now()
  local time = redis.call('TIME')
  return tonumber(time[1]) + tonumber(time[2]) / 1000000
end
