// Somebody who came into hospital this morning, for a client to work with.
import { admitted } from '../oracle/records.mjs'

/** Contributes a Patient and the stay that involves the hospital's doctors; gives our id of it. */
export async function admit(exchange, own, family) {
  const system = exchange.as('hospital-records')
  const patient = { resourceType: 'Patient', id: own, name: [{ family, given: ['Morag'] }], birthDate: '1950-02-03' }
  for (const resource of [patient, admitted(own)]) {
    const { status, text } = await system.send('PUT', `${resource.resourceType}/${resource.id}`, resource)
    if (status !== 201) throw new Error(`${resource.resourceType} was answered ${status}: ${text}`)
  }
  return (await exchange.as('ifeoma-nwosu').get(`Patient/${own}`)).body.id
}

/** What a client contributes: one of several findings. */
export const finding = (patient, day) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '29463-7', display: 'Body weight' }] },
  subject: { reference: `Patient/${patient}` },
  effectiveDateTime: `2027-01-0${day}`,
  valueQuantity: { value: 70 + day, unit: 'kg', system: 'http://unitsofmeasure.org', code: 'kg' }
})

export const DAYS = [1, 2, 3, 4, 5]
