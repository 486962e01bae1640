-- One of all incidents, at random.
wrk.headers["Authorization"] = "Bearer bench"
function request()
   return wrk.format("GET", "/beta/security/incidents/" .. (3000000 + math.random(0, 99999)))
end
