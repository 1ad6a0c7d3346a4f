-- Sends one body, or bodies in turn, and prints what came back as one line of JSON.
-- Arguments behind `--`: a file with "Name: value" lines, then one file per body.
-- With BENCH_CHECK=1 in the environment every answer is looked at: it must have HTTP 200 and be a success. That costs the
-- generator time, so it is done before a measured run, not in it; a measured run still counts every non-2xx.
local requests, turn = {}, 0

local function content_of(path)
  local file = assert(io.open(path, "rb"))
  local content = file:read("*a")
  file:close()
  return content
end

local threads = {}
function setup(thread) table.insert(threads, thread) end

function init(args)
  for line in io.lines(args[1]) do
    local name, value = line:match("^([^:]+): (.*)$")
    wrk.headers[name] = value
  end
  wrk.method, wrk.body = "POST", content_of(args[2])
  for at = 2, #args do
    requests[#requests + 1] = wrk.format(nil, nil, nil, content_of(args[at]))
  end
  wrong, looked = 0, 0
  -- Where there is one body only, wrk sends the same bytes again without asking Lua.
  if #requests > 1 then request = next_request end
end

function next_request()
  turn = turn % #requests + 1
  return requests[turn]
end

if os.getenv("BENCH_CHECK") then
  function response(status, headers, body)
    looked = looked + 1
    local good = body:find('"code":0,', 1, true) or body:find('"Result":"Success"', 1, true)
    if status ~= 200 or not good then wrong = wrong + 1 end
  end
end

function done(summary, latency, _)
  local looked, wrong = 0, 0
  for _, thread in ipairs(threads) do
    looked, wrong = looked + thread:get("looked"), wrong + thread:get("wrong")
  end
  local errors = summary.errors
  print(string.format(
    'RESULT {"requests":%d,"seconds":%.6f,"non_2xx":%d,"socket_errors":%d,"looked_at":%d,"wrong":%d,' ..
    '"p50_us":%d,"p99_us":%d,"max_us":%d}',
    summary.requests, summary.duration / 1e6, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout, looked, wrong,
    latency:percentile(50), latency:percentile(99), latency.max))
end
