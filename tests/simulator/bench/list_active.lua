-- A filtered page, in the order of changes.
wrk.headers["Authorization"] = "Bearer bench"
function request()
   return wrk.format("GET", "/beta/security/incidents?$top=50&$orderby=lastUpdateDateTime%20desc&$filter=status%20eq%20'active'")
end
