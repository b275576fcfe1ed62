// Invented people in numbers, for measuring how cost grows: each with a stay in hospital that is not over, so
// that the hospital's staff may look, and a record of the kind that a hospital writes.
import { closeSync, openSync, writeSync } from 'node:fs'

/** How many resources each person has. */
export const EACH = 25
const FAMILIES = 'Auchter Balmuir Cairnie Dunsyre Elrick Fordoun Garioch Hatton Inverey Kinnaird Lunan Menmuir Newtyle Pitscandly Rattray Tealing'.split(' ')
const GIVEN = 'Ailsa Baird Catriona Drew Effie Fearn Greer Hamish Innes Jean Kirsty Lorne Morven Neil Orla Rory'.split(' ')
const WEIGHED = [
  ['8867-4', 'Heart rate', '/min', 50, 110],
  ['29463-7', 'Body weight', 'kg', 45, 120],
  ['2339-0', 'Glucose', 'mg/dL', 60, 220],
  ['718-7', 'Haemoglobin', 'g/dL', 8, 18]
]
const ILL = ['38341003', '44054006', '195967001', '13645005', '84114007']

export const identifierOf = (number) => ({ system: 'urn:bench:records', value: `B${String(number).padStart(7, '0')}` })
export const familyOf = (number) => `${FAMILIES[number % 16]}${String.fromCharCode(97 + ((number >> 8) % 26))}${String.fromCharCode(97 + ((number >> 13) % 26))}`
export const givenOf = (number) => GIVEN[(number >> 4) % 16]
export const birthOf = (number) => `${1930 + (number % 80)}-${String(1 + (number % 12)).padStart(2, '0')}-${String(1 + ((number >> 3) % 28)).padStart(2, '0')}`

/** One person's record; all that differs follows from their number. */
export function recordOf(number) {
  const patient = `bench-${number}`
  const subject = { reference: `Patient/${patient}` }
  const at = (place) => `${2020 + (place % 7)}-${String(1 + (number + place) % 12).padStart(2, '0')}-${String(1 + (place * 5) % 28).padStart(2, '0')}T09:30:00Z`
  const named = (type, place, resource) => ({ resourceType: type, id: `${patient}-${place}`, ...resource })
  const concept = (system, code, text) => ({ coding: [{ system, code, display: text }], text })
  const encounter = { reference: `Encounter/${patient}-0` }
  const record = [
    {
      ...{ resourceType: 'Patient', id: patient, identifier: [identifierOf(number)], gender: number % 2 ? 'female' : 'male' },
      ...{ name: [{ family: familyOf(number), given: [givenOf(number)] }], birthDate: birthOf(number) }
    },
    named('Encounter', 0, {
      ...{ status: 'in-progress', class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' }, subject },
      period: { start: '2027-01-11T08:50:00Z' }
    })
  ]
  for (let place = 1; record.length < EACH; place++) {
    if (place % 5 === 0) {
      const code = concept('http://snomed.info/sct', ILL[(number + place) % 5], 'A long-standing illness')
      record.push(named('Condition', place, { code, subject, encounter, recordedDate: at(place) }))
      continue
    }
    const [code, text, unit, low, high] = WEIGHED[place % 4]
    const value = low + ((number * 7 + place * 13) % (high - low))
    const quantity = { value, unit, system: 'http://unitsofmeasure.org', code: unit }
    const finding = { status: 'final', code: concept('http://loinc.org', code, text), subject, encounter, effectiveDateTime: at(place) }
    record.push(named('Observation', place, { ...finding, valueQuantity: quantity }))
  }
  return record
}

/** Writes so many resources into a file, a line each; gives how many people they are about. */
export function writePeople(path, resources) {
  const people = Math.ceil(resources / EACH)
  const file = openSync(path, 'w')
  for (let number = 0; number < people; number++) {
    writeSync(file, recordOf(number).map((resource) => `${JSON.stringify(resource)}\n`).join(''))
  }
  closeSync(file)
  return people
}
