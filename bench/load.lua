-- For wrk: sends the bodies of a file, one a line, in turn, and tells what came of it as one line of JSON.
-- Arguments: the file, how many were sent before, and how a right answer begins, where that is looked at.
local bodies = {}
local sending

function setup(thread)
  sending = thread
end

local function format_all()
  for i, body in ipairs(bodies) do bodies[i] = wrk.format(nil, nil, nil, body) end
end

function init(args)
  for line in io.lines(args[1]) do bodies[#bodies + 1] = line end
  sent = tonumber(args[2])
  wrong = 0
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
  if args[3] == nil then
    format_all()
    return
  end
  -- What writes may have to say something new each time: the word NUMBER stands for how many were sent before.
  if bodies[1]:find("NUMBER", 1, true) then
    request = function()
      local body = bodies[sent % #bodies + 1]:gsub("NUMBER", string.format("%07d", sent))
      sent = sent + 1
      return wrk.format(nil, nil, nil, body)
    end
  else
    format_all()
  end
  response = function(_, _, body)
    if body:sub(1, #args[3]) ~= args[3] then wrong = wrong + 1 end
  end
end

function request()
  sent = sent + 1
  return bodies[(sent - 1) % #bodies + 1]
end

function done(summary, latency, _)
  local e = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"seconds":%.6f,"p50":%.4f,"p99":%.4f,"errors":%d,"sent":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    e.connect + e.read + e.write + e.timeout + math.max(e.status, sending:get("wrong")), sending:get("sent")))
end
