-- For wrk: asks for the addresses in a file in turn, with the headers in the environment.
-- arguments: the file, one path a line. Environment: BENCH_TOKEN.

local requests = {}
local next_one = 0

function init(arguments)
  local headers = {
    ["Accept"] = "application/fhir+json",
    ["Authorization"] = "Bearer " .. os.getenv("BENCH_TOKEN"),
  }
  for path in io.lines(arguments[1]) do
    requests[#requests + 1] = wrk.format("GET", path, headers)
  end
end

function request()
  next_one = next_one % #requests + 1
  return requests[next_one]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests":%d,"seconds":%.3f,"p50_ms":%.3f,"p99_ms":%.3f,"refused":%d,"broken":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
