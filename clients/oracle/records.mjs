// The records that searches are judged on: somebody of the town, HL7's official examples as one
// person's record, and one of Synthea's people.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { SHARED } from '../lib/exchange.mjs'

const EXAMPLES = join(SHARED, 'r4-examples.tar.xz')
const SYNTHEA = join(SHARED, 'synthea-10')
// Large examples hold nothing that small ones do not.
const LARGEST_EXAMPLE = 30_000
// What others refer to, and so comes first.
const FIRST = ['Organization', 'Practitioner', 'Location', 'PractitionerRole', 'Patient']

/** Whether the data beside the project are there; a reason if not. */
export const lacking = () => (existsSync(EXAMPLES) && existsSync(SYNTHEA) ? false : 'shared/data/fhir is not beside the project')

const unpacked = (command, args) => execFileSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 30 })

/** Every official example, as one person's record wherever it is about somebody. */
export function examples() {
  const names = unpacked('tar', ['-tJf', EXAMPLES]).split('\n').filter((name) => name.endsWith('.json'))
  const all = unpacked('tar', ['-xJOf', EXAMPLES, ...names.sort(), '--transform', 's/$/\\n/'])
  const texts = objects(all).filter((text) => text.length <= LARGEST_EXAMPLE)
  const seen = new Set()
  return texts
    .map((text) => JSON.parse(text.replace(/"Patient\/[\w.-]+(\/_history\/\w+)?"/g, '"Patient/example"')))
    .map((one) => (one.resourceType === 'Patient' ? { ...one, id: 'example' } : one))
    .filter(({ resourceType, id }) => {
      if (!id || seen.has(`${resourceType}/${id}`)) return false
      seen.add(`${resourceType}/${id}`)
      return true
    })
}

/** JSON objects that follow one another in a text. */
function objects(text) {
  const found = []
  let depth = 0
  let start = 0
  let inString = false
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]
    if (inString) {
      if (letter === '\\') at++
      else if (letter === '"') inString = false
    } else if (letter === '"') inString = true
    else if (letter === '{' && depth++ === 0) start = at
    else if (letter === '}' && --depth === 0) found.push(text.slice(start, at + 1))
  }
  return found
}

/** Synthea's resources by person, with those that are nobody's under an empty name. */
export function synthea() {
  const people = new Map()
  for (const file of readdirSync(SYNTHEA).filter((name) => name.endsWith('.xz'))) {
    for (const line of unpacked('xz', ['-dc', join(SYNTHEA, file)]).split('\n').filter(Boolean)) {
      const person = /"reference":\s*"(Patient\/[\w-]+)"/.exec(line)?.[1]
      const resource = JSON.parse(line)
      const whose = resource.resourceType === 'Patient' ? `Patient/${resource.id}` : (person ?? '')
      people.set(whose, [...(people.get(whose) ?? []), resource])
    }
  }
  return people
}

/** Contributes resources as a record system does, a hundred at a time; gives how many were taken. */
export async function contribute(system, resources) {
  const rank = ({ resourceType: type }) => (FIRST.includes(type) ? FIRST.indexOf(type) : FIRST.length)
  const ordered = [...resources].sort((one, other) => rank(one) - rank(other))
  let taken = 0
  for (let from = 0; from < ordered.length; from += 100) {
    const entry = ordered.slice(from, from + 100).map((resource) => ({
      resource,
      request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` }
    }))
    const { status, body, text } = await system.send('POST', '', { resourceType: 'Bundle', type: 'batch', entry })
    if (status !== 200) throw new Error(`the batch was answered ${status}: ${text}`)
    taken += body.entry.filter((one) => /^20[01]/.test(one.response.status)).length
  }
  return taken
}

/** Says that somebody is in hospital now, so that its doctors may look. */
export const admitted = (patient) => ({
  resourceType: 'Encounter',
  id: `now-${patient}`,
  status: 'in-progress',
  class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
  subject: { reference: `Patient/${patient}` },
  period: { start: '2027-01-11T08:50:00Z' }
})

/** Values of which the examples hold few. */
export const rare = () => [
  {
    resourceType: 'Condition',
    id: 'rare-condition',
    subject: { reference: 'Patient/example' },
    code: { coding: [{ system: 'http://snomed.info/sct', code: '38341003' }], text: 'Raised blood pressure' },
    identifier: [
      { type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR' }] }, system: 'urn:oid:1.2.36', value: '12-7' },
      { type: { coding: [{ code: 'LOCAL' }], text: 'Ward list' }, value: '7' }
    ],
    onsetAge: { value: 71.5, unit: 'years', system: 'http://unitsofmeasure.org', code: 'a' }
  },
  {
    resourceType: 'RiskAssessment',
    id: 'rare-risk',
    status: 'final',
    subject: { reference: 'Patient/example' },
    prediction: [{ probabilityDecimal: 0.125 }, { probabilityRange: { low: { value: 0.1 }, high: { value: 0.3 } } }]
  },
  { resourceType: 'Location', id: 'rare-pier', name: 'Pier', position: { longitude: -2.9, latitude: 56.45 } },
  { resourceType: 'Location', id: 'rare-hill', name: 'Hill', position: { longitude: -3.1, latitude: 56.5, altitude: 174 } }
]
