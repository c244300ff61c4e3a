declare module "virtual:viewer-script" {
  /** src/viewer with all it imports, minified */
  export const viewerScript: string;
}
