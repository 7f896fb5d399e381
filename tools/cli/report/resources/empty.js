// Stands in for packages of map projections and Voronoi cells, which the report does not draw and
// Debian does not have.
export class Delaunay {}
export const geoMollweide = undefined;
