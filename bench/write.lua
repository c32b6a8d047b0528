-- The same PUT over and over, to another object each time, since no two writes to one object may be under way.
-- Arguments: number of the first object, path before the number, body. Headers come by wrk's -H.
local number, path

function init(args)
  number, path = tonumber(args[1]), args[2]
  wrk.method, wrk.body = 'PUT', args[3]
end

function request()
  number = number + 1
  return wrk.format(nil, path .. string.format('%d', number))
end

function done(summary, latency)
  local e = summary.errors
  -- Connections that failed brought no reply, and are not among the requests.
  io.write(string.format('RESULT %d %d %d %d %d %d\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    e.status, e.connect + e.read + e.write))
end
