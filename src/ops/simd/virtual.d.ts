declare module "virtual:simd-kernels" {
  /** the compiled kernels, base64 */
  export const kernelsBase64: string;
}
