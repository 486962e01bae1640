"""Microsoft's Python SDK (beta) against the simulator: what its users do, with typed evidence."""

import asyncio
import json
import os
import urllib.request

from kiota_abstractions.api_error import APIError
from kiota_abstractions.authentication import AccessTokenProvider, AllowedHostsValidator, BaseBearerTokenAuthenticationProvider
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_abstractions.method import Method
from kiota_abstractions.request_information import RequestInformation
from msgraph_beta import GraphRequestAdapter, GraphServiceClient
from msgraph_beta.generated.models.security.alert_classification import AlertClassification
from msgraph_beta.generated.models.security.alert_comment import AlertComment
from msgraph_beta.generated.models.security.alert_determination import AlertDetermination
from msgraph_beta.generated.models.security.alert_evidence import AlertEvidence
from msgraph_beta.generated.models.security.incident import Incident
from msgraph_beta.generated.security.incidents.incidents_request_builder import IncidentsRequestBuilder
from msgraph_beta.generated.security.incidents.item.incident_item_request_builder import IncidentItemRequestBuilder

ORIGIN, BASE_URL, TOKEN = (os.environ[name] for name in ("ORIGIN", "BASE_URL", "TOKEN"))


class Fixed(AccessTokenProvider):
    async def get_authorization_token(self, uri, additional_authentication_context={}):
        return TOKEN

    def get_allowed_hosts_validator(self):
        return AllowedHostsValidator([])


def admin(method, path, body=None):
    request = urllib.request.Request(
        f"{ORIGIN}/admin/{path}",
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as reply:
        return json.load(reply)


async def main():
    adapter = GraphRequestAdapter(BaseBearerTokenAuthenticationProvider(Fixed()))
    adapter.base_url = BASE_URL
    incidents = GraphServiceClient(request_adapter=adapter).security.incidents

    # A list, over its pages.
    total = admin("GET", "state")["incidents"]
    query = IncidentsRequestBuilder.IncidentsRequestBuilderGetQueryParameters(top=50, count=True)
    page = await incidents.get(RequestConfiguration(query_parameters=query))
    ids, pages = [], 1
    assert page.odata_count == total, page.odata_count
    while True:
        ids += [incident.id for incident in page.value]
        if not page.odata_next_link:
            break
        page = await incidents.with_url(page.odata_next_link).get()
        pages += 1
    assert len(ids) == len(set(ids)) == total, (len(ids), total)
    print(f"python: listed {len(ids)} incidents on {pages} pages")

    # Alerts in the incident, evidence in its types.
    query = IncidentItemRequestBuilder.IncidentItemRequestBuilderGetQueryParameters(expand=["alerts"])
    types = set()
    for id in ids[:60]:
        incident = await incidents.by_incident_id(id).get(RequestConfiguration(query_parameters=query))
        for alert in incident.alerts:
            for evidence in alert.evidence:
                assert type(evidence) is not AlertEvidence, evidence.odata_type
                types.add(type(evidence).__name__)
    assert len(types) >= 40, sorted(types)
    print(f"python: read evidence of {len(types)} types")

    # The reference page's update.
    update = Incident(
        classification=AlertClassification.TruePositive,
        determination=AlertDetermination.MultiStagedAttack,
        custom_tags=["Demo"],
    )
    updated = await incidents.by_incident_id("2972395").patch(update)
    assert updated.classification == AlertClassification.TruePositive and updated.custom_tags == ["Demo"]
    print(f"python: updated 2972395, last modified by {updated.last_modified_by}")

    # A comment: the SDK has no method for it, so the script builds the request itself.
    request = RequestInformation(Method.POST, "{+baseurl}/security/incidents/{id}/comments", {"baseurl": BASE_URL, "id": "2972395"})
    body = {"@odata.type": "microsoft.graph.security.alertComment", "comment": "from Python"}
    request.set_stream_content(json.dumps(body).encode(), "application/json")
    response = json.loads(await adapter.send_primitive_async(request, "bytes", {}))
    comment = AlertComment(**{"comment": response["value"][-1]["comment"]})
    assert comment.comment == "from Python"
    print(f"python: commented, {len(response['value'])} comments now")

    # A typed 404.
    try:
        await incidents.by_incident_id("1").get()
        raise AssertionError("an unknown incident was found")
    except APIError as error:
        assert error.response_status_code == 404 and error.error.code == "NotFound", error
        print(f"python: 404 is {type(error).__name__} with code {error.error.code}")

    # A 429 that is waited out.
    admin("POST", "faults/script", [[{"kind": "status", "status": 429, "retryAfter": 1}]])
    before = admin("GET", "requests?limit=1")["total"]
    incident = await incidents.by_incident_id("2972395").get()
    statuses = [entry["status"] for entry in admin("GET", f"requests?after={before}")["requests"]]
    assert incident.id == "2972395" and statuses == [429, 200], statuses
    print("python: waited out a 429")


asyncio.run(main())
