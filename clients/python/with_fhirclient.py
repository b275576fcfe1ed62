"""A reader and writer built on SMART's fhirclient, whose classes check every element they are given."""

import os

import requests
from fhirclient import client as smart
from fhirclient.models.bundle import Bundle
from fhirclient.models.capabilitystatement import CapabilityStatement
from fhirclient.models.codeableconcept import CodeableConcept
from fhirclient.models.coding import Coding
from fhirclient.models.fhirdatetime import FHIRDateTime
from fhirclient.models.fhirreference import FHIRReference
from fhirclient.models.observation import Observation
from fhirclient.models.operationoutcome import OperationOutcome
from fhirclient.models.patient import Patient
from fhirclient.models.quantity import Quantity
from fhirclient.server import FHIRNotFoundException, FHIRUnauthorizedException

BASE, PATIENT = os.environ["FHIR_BASE"], os.environ["FHIR_PATIENT"]


def connect(token):
    found = smart.FHIRClient(settings={"app_id": "candour-clients", "api_base": BASE})
    found.server.session.headers["Authorization"] = f"Bearer {token}"
    return found.server


def finding(day):
    observation = Observation()
    observation.status = "final"
    observation.code = CodeableConcept({"coding": [{"system": "http://loinc.org", "code": "29463-7"}]})
    observation.subject = FHIRReference({"reference": f"Patient/{PATIENT}"})
    observation.effectiveDateTime = FHIRDateTime(f"2027-01-0{day}")
    observation.valueQuantity = Quantity({"value": 70 + day, "unit": "kg"})
    return observation


def refused(error, action):
    try:
        action()
    except error as said:
        return said
    raise AssertionError(f"{error.__name__} was expected")


server = connect(os.environ["FHIR_TOKEN"])
# Strict reading: an element that the class does not know would be an error.
statement = CapabilityStatement(server.request_json("metadata"))
assert statement.fhirVersion == "4.0.1"

made = [finding(day).create(server) for day in range(1, 6)]
assert all(one["resourceType"] == "Observation" for one in made)
patient = Patient.read(PATIENT, server)
assert patient.name[0].family == "Smartwell"

search = Observation.where({"patient": PATIENT, "_count": "2", "_sort": "date"})
days = [one.effectiveDateTime.as_json() for one in search.perform_resources_iter(server)]
assert days == [f"2027-01-0{day}" for day in range(1, 6)], days
assert Bundle(search.perform(server).as_json()).total == 5

first = Observation.read(made[0]["id"], server)
first.valueQuantity.value = 80.5
assert first.update(server)["meta"]["versionId"] == "2"
session = server.session
session.headers["If-Match"] = 'W/"1"'
first.valueQuantity.value = 82
said = refused(requests.HTTPError, lambda: first.update(server))
assert said.response.status_code == 412
assert OperationOutcome(said.response.json()).issue[0].code == "conflict"
del session.headers["If-Match"]

refused(FHIRNotFoundException, lambda: Observation.read("never-seen", server))
refused(FHIRUnauthorizedException, lambda: Patient.read(PATIENT, connect("not-a-token")))
incomplete = {"resourceType": "Observation", "status": "final", "subject": {"reference": f"Patient/{PATIENT}"}}
said = refused(requests.HTTPError, lambda: server.post_json("Observation", incomplete))
assert OperationOutcome(said.response.json()).issue[0].expression == ["Observation.code"], said.response.text

first.delete(server)
said = refused(requests.HTTPError, lambda: Observation.read(made[0]["id"], server))
assert said.response.status_code == 410
