-- The reference page's update, on any incident.
wrk.headers["Authorization"] = "Bearer bench"
wrk.headers["Content-Type"] = "application/json"
local body = '{"classification":"TruePositive","determination":"MultiStagedAttack","customTags":["Demo"]}'
function request()
   return wrk.format("PATCH", "/beta/security/incidents/" .. (3000000 + math.random(0, 99999)), nil, body)
end
