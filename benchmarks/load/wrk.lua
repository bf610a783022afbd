-- Sends the requests of benchmarks/requests.py: the request's text with fields, and a file with a row for each request.

local MARK = "\1"

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("*a")
  file:close()
  return text
end

function init(arguments)
  local text = read(arguments[1])
  rows = assert(io.open(arguments[2], "rb"))
  parts = {}
  local from = 1
  while true do
    local at = text:find(MARK, from, true)
    parts[#parts + 1] = text:sub(from, (at or 0) - 1)
    if not at then break end
    parts[#parts + 1] = text:byte(at + 1) - 48
    from = at + 2
  end
end

function request()
  if #parts == 1 then return parts[1] end
  local row = rows:read("*l")
  if not row then error("there are more requests than rows") end
  local fields = {}
  for field in row:gmatch("%S+") do fields[#fields + 1] = field end
  local text = {}
  for index, part in ipairs(parts) do
    text[index] = type(part) == "number" and fields[part + 1] or part
  end
  return table.concat(text)
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests": %d, "microseconds": %d, "median": %f, "refused": %d, "broken": %d}\n',
    summary.requests, summary.duration, latency:percentile(50), errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
