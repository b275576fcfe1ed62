"""A record system written with fhirpy."""

import os

from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import ForbiddenError, MultipleResourcesFound, OperationOutcome, ResourceNotFound

BASE, PATIENT = os.environ["FHIR_BASE"], os.environ["FHIR_PATIENT"]


def connect(token):
    return SyncFHIRClient(BASE, authorization=f"Bearer {token}")


def finding(client, day):
    return client.resource(
        "Observation",
        status="final",
        code={"coding": [{"system": "http://loinc.org", "code": "29463-7"}]},
        subject={"reference": f"Patient/{PATIENT}"},
        effectiveDateTime=f"2027-01-0{day}",
        valueQuantity={"value": 70 + day, "unit": "kg"},
    )


def refused(error, action):
    try:
        action()
    except error as said:
        return said
    raise AssertionError(f"{error.__name__} was expected")


client = connect(os.environ["FHIR_TOKEN"])
made = []
for day in range(1, 6):
    observation = finding(client, day)
    observation.save()
    assert observation.id and observation["meta"]["versionId"] == "1"
    made.append(observation)

# Searches, page by page and counted.
observations = client.resources("Observation").search(patient=PATIENT)
assert [one["effectiveDateTime"] for one in observations.sort("date").limit(2).fetch_all()] == [
    f"2027-01-0{day}" for day in range(1, 6)
]
assert observations.count() == 5
assert observations.search(date__ge="2027-01-04").count() == 2
assert observations.search(value_quantity__gt=74).first()["effectiveDateTime"] == "2027-01-05"
included = client.resources("Observation").search(patient=PATIENT).include("Observation", "subject").fetch_raw()
assert sorted({entry["resource"]["resourceType"] for entry in included["entry"]}) == ["Observation", "Patient"]

# Reads, follows a reference, updates.
first = client.reference("Observation", made[0].id).to_resource()
assert first.subject.to_resource()["name"][0]["family"] == "Pywell"
first["valueQuantity"]["value"] = 80.5
first.save()
assert first["meta"]["versionId"] == "2"

# An update that rests on an old version, by the headers that this client lets through.
late = SyncFHIRClient(BASE, authorization=f"Bearer {os.environ['FHIR_TOKEN']}", extra_headers={"If-Match": 'W/"1"'})
refused(MultipleResourcesFound, late.resource("Observation", **first.serialize()).save)

# Its patches are JSON Merge Patches, which FHIR R4 does not have: told so.
said = refused(OperationOutcome, lambda: client.patch("Observation", made[0].id, status="amended"))
assert said.resource["issue"][0]["code"] == "not-supported", said.resource

# What cannot be.
refused(ResourceNotFound, client.reference("Observation", "never-seen").to_resource)
said = refused(OperationOutcome, client.resource("Observation", status="final").save)
assert said.resource["resourceType"] == "OperationOutcome"
other = connect(os.environ["FHIR_OTHER_TOKEN"])
refused(ForbiddenError, other.resources("Observation").search(patient=PATIENT).fetch)

made[0].delete()
refused(ResourceNotFound, client.reference("Observation", made[0].id).to_resource)
