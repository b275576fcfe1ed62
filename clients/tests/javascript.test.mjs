// What suppliers write in JavaScript: each client contributes, reads, pages through a search, updates
// with the version that it saw, patches, and is told in an OperationOutcome what it may not do.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import { Client } from 'fhir-kit-client'
import { openExchange } from '../lib/exchange.mjs'
import { DAYS, admit, finding } from '../lib/patient.mjs'

// @medplum/core names a class of browsers when it is loaded; no socket is opened here.
globalThis.WebSocket ??= class {}
const { MedplumClient } = await import('@medplum/core')
const smart = createRequire(import.meta.url)('fhirclient')

let exchange
before(async () => (exchange = await openExchange()))
after(() => exchange?.close())

const heavier = (observation) => ({ ...observation, valueQuantity: { ...observation.valueQuantity, value: 80.5 } })
const patch = [{ op: 'replace', path: '/valueQuantity/value', value: 81.25 }]

test('fhir-kit-client', async () => {
  const patient = await admit(exchange, 'kit-1', 'Kitwell')
  const client = new Client({ baseUrl: exchange.base, bearerToken: exchange.bearer('ifeoma-nwosu') })
  const statement = await client.capabilityStatement()
  assert.equal(statement.fhirVersion, '4.0.1')

  const made = []
  for (const day of DAYS) made.push(await client.create({ resourceType: 'Observation', body: finding(patient, day) }))
  const [first] = made
  assert.deepEqual(await client.read({ resourceType: 'Observation', id: first.id }), first)
  assert.equal((await client.vread({ resourceType: 'Observation', id: first.id, version: '1' })).valueQuantity.value, 71)

  let page = await client.search({ resourceType: 'Observation', searchParams: { patient, _count: 2, _sort: '-date' } })
  const days = []
  for (; page; page = await client.nextPage({ bundle: page })) days.push(...page.entry.map((one) => one.resource.effectiveDateTime))
  assert.deepEqual(days, ['2027-01-05', '2027-01-04', '2027-01-03', '2027-01-02', '2027-01-01'])

  const ifMatch = (version) => ({ headers: { 'If-Match': `W/"${version}"` } })
  const updated = await client.update({ resourceType: 'Observation', id: first.id, body: heavier(first), options: ifMatch(1) })
  assert.equal(updated.meta.versionId, '2')
  const late = client.update({ resourceType: 'Observation', id: first.id, body: first, options: ifMatch(1) })
  await assert.rejects(late, refusal(412))
  const patched = await client.patch({ resourceType: 'Observation', id: first.id, jsonPatch: patch })
  assert.equal(patched.valueQuantity.value, 81.25)
  const history = await client.history({ resourceType: 'Observation', id: first.id })
  assert.equal(history.total, 3)

  const everything = await client.operation({ name: 'everything', resourceType: 'Patient', id: patient, method: 'GET' })
  assert.equal(everything.entry.filter((one) => one.resource.resourceType === 'Observation').length, 5)
  await assert.rejects(client.read({ resourceType: 'Observation', id: 'never-seen' }), refusal(404))
  await assert.rejects(client.create({ resourceType: 'Observation', body: { resourceType: 'Observation' } }), refusal(422))
  const other = new Client({ baseUrl: exchange.base, bearerToken: exchange.bearer('derek-muirhead', 'HOUSING-ADAPT') })
  await assert.rejects(other.search({ resourceType: 'Observation', searchParams: { patient } }), refusal(403))

  const bundle = {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [{ fullUrl: 'urn:uuid:0b1f6a9e-9bd2-4a39-8d9c-6f6f3c1e7a10', resource: finding(patient, 6), request: { method: 'POST', url: 'Observation' } }]
  }
  assert.equal((await client.transaction({ body: bundle })).entry[0].response.status.slice(0, 3), '201')
  await client.delete({ resourceType: 'Observation', id: first.id })
  await assert.rejects(client.read({ resourceType: 'Observation', id: first.id }), refusal(410))

  function refusal(status) {
    return (error) => {
      assert.equal(error.response.status, status)
      assert.equal(error.response.data.resourceType, 'OperationOutcome')
      return true
    }
  }
})

test('fhirclient', async () => {
  const patient = await admit(exchange, 'smart-1', 'Smartwell')
  const connect = (access_token) => smart({ headers: {}, session: {} }, {}).client({ serverUrl: exchange.base, tokenResponse: { access_token, patient } })
  const client = connect(exchange.bearer('ifeoma-nwosu'))
  const made = []
  for (const day of DAYS) made.push(await client.create(finding(patient, day)))
  const [first] = made
  assert.equal((await client.patient.read()).name[0].family, 'Smartwell')
  assert.deepEqual(await client.request(`Observation/${first.id}`), first)

  const query = `Observation?patient=${patient}&code=http://loinc.org|29463-7&_count=2`
  const found = await client.request(query, { pageLimit: 0, flat: true })
  assert.deepEqual(found.map((one) => one.effectiveDateTime), made.map((one) => one.effectiveDateTime))
  const resolved = await client.request(`Observation/${first.id}`, { resolveReferences: ['subject'] })
  assert.equal(resolved.subject.name[0].family, 'Smartwell')

  const expecting = (version) => ({ headers: { 'If-Match': `W/"${version}"` } })
  const updated = await client.update(heavier(first), expecting(1))
  assert.equal(updated.meta.versionId, '2')
  await assert.rejects(client.update(first, expecting(1)), { status: 412 })
  const patched = await client.patch(`Observation/${first.id}`, patch)
  assert.equal(patched.valueQuantity.value, 81.25)
  await assert.rejects(client.request('Observation/never-seen'), { status: 404 })
  await assert.rejects(client.create({ ...first, id: undefined, status: 'weighed' }), (error) => /400|422/.test(String(error.status)))
  await client.delete(`Observation/${first.id}`)
  await assert.rejects(client.request(`Observation/${first.id}`), { status: 410 })
  await assert.rejects(connect('not-a-token').request(`Patient/${patient}`), { status: 401 })
})

test('@medplum/core', async () => {
  const patient = await admit(exchange, 'medplum-1', 'Plumwell')
  const connect = (accessToken) => new MedplumClient({ baseUrl: exchange.base.replace(/fhir$/, ''), fhirUrlPath: 'fhir', accessToken, fetch })
  const client = connect(exchange.bearer('ifeoma-nwosu'))
  const made = []
  for (const day of DAYS) made.push(await client.createResource(finding(patient, day)))
  const [first] = made
  assert.deepEqual(await client.readResource('Observation', first.id), first)

  const days = []
  for await (const page of client.searchResourcePages('Observation', { patient, _count: 2, _sort: 'date' })) {
    days.push(...page.map((one) => one.effectiveDateTime))
  }
  assert.deepEqual(days, made.map((one) => one.effectiveDateTime))
  const one = await client.searchOne('Observation', { patient, date: 'ge2027-01-05' })
  assert.equal(one.effectiveDateTime, '2027-01-05')

  const updated = await client.updateResource(heavier(first), { headers: { 'If-Match': 'W/"1"' } })
  assert.equal(updated.meta.versionId, '2')
  await assert.rejects(client.updateResource(first, { headers: { 'If-Match': 'W/"1"' } }), outcome('conflict'))
  const patched = await client.patchResource('Observation', first.id, patch)
  assert.equal(patched.valueQuantity.value, 81.25)
  assert.equal((await client.readHistory('Observation', first.id)).total, 3)
  const everything = await client.readPatientEverything(patient)
  assert.equal(everything.entry.filter(({ resource }) => resource.resourceType === 'Observation').length, 5)
  const expanded = await client.valueSetExpand({ url: 'http://hl7.org/fhir/ValueSet/administrative-gender' })
  assert.equal(expanded.expansion.contains.length, 4)
  const said = await client.validateResource(finding(patient, 1))
  assert.equal(said.resourceType, 'OperationOutcome')

  const batch = { resourceType: 'Bundle', type: 'batch', entry: [{ request: { method: 'GET', url: `Observation?patient=${patient}&_summary=count` } }] }
  assert.equal((await client.executeBatch(batch)).entry[0].resource.total, 5)
  await assert.rejects(client.readResource('Observation', 'never-seen'), outcome('not-found'))
  await client.deleteResource('Observation', first.id)
  await assert.rejects(client.readResource('Observation', first.id), outcome('deleted'))

  function outcome(code) {
    return (error) => {
      assert.equal(error.outcome.issue[0].code, code)
      return true
    }
  }
})
