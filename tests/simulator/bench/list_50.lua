-- The newest page.
wrk.headers["Authorization"] = "Bearer bench"
function request()
   return wrk.format("GET", "/beta/security/incidents?$top=50")
end
