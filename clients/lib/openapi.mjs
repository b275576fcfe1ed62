// Parts of an OpenAPI document that can be tested by themselves.

/** Whose a path is: the type that it begins with, or nobody's. */
const ownerOf = (path) => path.split('/')[1]

/** Every type of a document, and what else its paths begin with. */
export const ownersOf = (document) => [...new Set(Object.keys(document.paths).map(ownerOf))]

/** The names of the components that a value refers to, as `schemas/Patient`. */
const referred = (value) => [...JSON.stringify(value).matchAll(/#\/components\/([\w.-]+\/[\w.-]+)/g)].map((match) => match[1])

/** The paths of some owners, with the components that they lead to and no others. */
export function partOf(document, owners) {
  const paths = Object.fromEntries(Object.entries(document.paths).filter(([path]) => owners.includes(ownerOf(path))))
  const components = { securitySchemes: document.components.securitySchemes }
  const left = referred(paths)
  while (left.length > 0) {
    const [kind, name] = left.pop().split('/')
    components[kind] ??= {}
    if (components[kind][name]) continue
    components[kind][name] = document.components[kind][name]
    left.push(...referred(components[kind][name]))
  }
  return { owners, document: { ...document, paths, components } }
}
