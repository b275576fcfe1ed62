// Which invariants a resource breaks, as HL7 wrote them: the constraints of R4's StructureDefinitions, evaluated
// by HL7's FHIRPath library on every element that they stand at. Nothing of the program's tables is read here.
import fhirpath from 'fhirpath'
import r4 from 'fhirpath/fhir-context/r4/index.js'
import { codeOf, definitionOf, elementOf, elementsOf, isPrimitive } from './structure.mjs'

// It has no htmlChecks().
const UNASKED = new Set(['txt-1', 'txt-2'])

/** Several values may be asked for their type: of them those are meant that have it. */
const local = (expression) => expression.replace(/\.as\((\w+)\)/g, '.ofType($1)')

// The library's own `matches` refuses two of HL7's regular expressions, which escape more than they must (eld-19, eld-20).
const matches = (inputs, pattern) => inputs.map((input) => new RegExp(pattern, 's').test(input.data ?? input))
const invocations = {
  resolve: { fn: resolve, arity: { 0: [] } },
  matches: { fn: matches, arity: { 1: ['String'] } }
}
const OPTIONS = { resolveInternalTypes: false, userInvocationTable: invocations, traceFn: () => {} }

// What is contained where the expression is evaluated: the library hands a function nothing but its input.
let root
function resolve(inputs) {
  return inputs.flatMap((input) => {
    const address = (input.data ?? input)?.reference ?? (input.data ?? input)
    if (typeof address !== 'string' || !address.startsWith('#')) return []
    return (root.contained ?? []).filter((one) => one.id === address.slice(1))
  })
}

const compiled = new Map()
function compile(expression, base) {
  const key = `${base} ${expression}`
  if (!compiled.has(key)) compiled.set(key, fhirpath.compile(base ? { base, expression: local(expression) } : local(expression), r4, OPTIONS))
  return compiled.get(key)
}

/** `false` alone breaks an invariant; what gives nothing does not say. */
function isBroken(constraint, focus, base, environment) {
  root = environment.rootResource
  const found = compile(constraint.expression, base)(focus, environment)
  return found.length === 1 && (found[0]?.data ?? found[0]) === false
}

const constraintsOf = (element) => (element?.constraint ?? []).filter((one) => one.expression && !UNASKED.has(one.key))

/** The invariants that a resource breaks, as `key path`; what the library could not answer begins with `?`. */
export function brokenBy(resource) {
  const found = new Set()
  ofResource(resource, resource.resourceType, { resource, rootResource: resource }, found)
  return found
}

function ask(constraints, focus, base, path, environment, found) {
  for (const constraint of constraints) {
    try {
      if (isBroken(constraint, focus, base, environment)) found.add(`${constraint.key} ${path}`)
    } catch (error) {
      found.add(`? ${constraint.key} ${path}: ${error.message}`)
    }
  }
}

function ofResource(resource, path, environment, found) {
  const type = resource.resourceType
  ask(constraintsOf(definitionOf(type).snapshot.element[0]), resource, undefined, path, environment, found)
  below(resource, type, path, environment, found)
}

function below(object, at, path, environment, found) {
  for (const key of new Set(Object.keys(object).map((one) => one.replace(/^_/, '')))) {
    const [element, type] = elementOf(elementsOf(at), key)
    if (!element) continue
    const values = [object[key]].flat()
    const companions = [object[`_${key}`]].flat()
    const isList = Array.isArray(object[key] ?? object[`_${key}`])
    for (let place = 0; place < Math.max(values.length, companions.length); place++) {
      const inner = isList ? `${path}.${key}[${place}]` : `${path}.${key}`
      ofValue(values[place] ?? undefined, companions[place] ?? undefined, { element, type, key, parent: object, at, place, isList }, inner, environment, found)
    }
  }
}

function ofValue(value, companion, where, path, environment, found) {
  if (value === undefined && companion === undefined) return
  const { element, type } = where
  const code = codeOf(element, type)
  if (value?.resourceType) {
    const isContained = /\.contained\[/.test(path.slice(path.lastIndexOf('.')))
    const inner = { resource: value, rootResource: isContained ? environment.rootResource : value }
    return ofResource(value, path, inner, found)
  }
  if (code && isPrimitive(code)) return ofPrimitive(value, companion, where, path, environment, found)
  const next = nextAt(element, type)
  const own = definitionOf(next) && !next.includes('.') ? constraintsOf(definitionOf(next).snapshot.element[0]) : []
  const referred = element.contentReference ? constraintsOf(elementAt(next)) : []
  const all = new Map([...constraintsOf(element), ...referred, ...own].map((one) => [one.key, one]))
  ask([...all.values()], value, baseOf(element, next), path, environment, found)
  below(value, next, path, environment, found)
}

/** A primitive is asked through what has it, so that its companion goes along. */
function ofPrimitive(value, companion, { element, key, parent, at, place, isList }, path, environment, found) {
  const name = element.path.split('.').pop().replace('[x]', '')
  const alone = { [key]: isList ? [value ?? null] : value, [`_${key}`]: isList ? [companion ?? null] : companion }
  if (value === undefined) delete alone[key]
  if (companion === undefined) delete alone[`_${key}`]
  const focus = at === parent.resourceType ? { resourceType: at, ...alone } : alone
  // The library has it that a text in XHTML has no value.
  const asked = codeOf(element, element.type[0]) === 'xhtml' ? [] : constraintsOf(element)
  for (const constraint of asked) {
    const wrapped = { ...constraint, expression: `\`${name}\`.select(${constraint.expression})` }
    ask([wrapped], focus, at === parent.resourceType ? undefined : baseOfPath(at), path, environment, found)
  }
  if (companion) below(companion, 'Element', path, environment, found)
}

function nextAt(element, type) {
  if (element.contentReference) return element.contentReference.split('#').pop()
  if (type.code === 'BackboneElement' || type.code === 'Element') return element.path
  const profile = type.profile?.[0]?.split('/').pop()
  return !element.path.endsWith('[x]') && definitionOf(profile) ? profile : type.code
}

const elementAt = (path) => definitionOf(path.split('.')[0]).snapshot.element.find((one) => one.path === path)
const baseOfPath = (at) => (['SimpleQuantity', 'MoneyQuantity'].includes(at) ? 'Quantity' : at)
const baseOf = (element, next) => baseOfPath(next)
