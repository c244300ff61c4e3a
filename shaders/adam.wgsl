// One AdamW step with the gradient scaled by its clipped global norm. Formula and source: src/core/adam.ts
// One thread per parameter. squaredNorm is the sum over all parameters of the model, not only these.

struct Params {
  nParams: u32,
  learningRate: f32,
  beta1: f32,
  beta2: f32,
  epsilon: f32,
  clipNorm: f32,  // 0: never clip
  correct1: f32,  // 1 - beta1^step
  correct2: f32,  // 1 - beta2^step
  weightDecay: f32,
  new1: f32,      // 1 - beta1 and 1 - beta2 as the host rounds them: the difference of rounded numbers is off by 1e-5
  new2: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> param: array<f32>;
@group(0) @binding(2) var<storage, read> grad: array<f32>;
@group(0) @binding(3) var<storage, read> squaredNorm: array<f32>; // [1]
@group(0) @binding(4) var<storage, read> moments: array<f32>;     // [2, P] first, second
@group(0) @binding(5) var<storage, read_write> newParam: array<f32>;
@group(0) @binding(6) var<storage, read_write> newMoments: array<f32>;

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = id.x;
  if (i >= params.nParams) { return; }
  var scale = 1.0;
  if (params.clipNorm > 0.0) {
    scale = min(1.0, params.clipNorm / (sqrt(squaredNorm[0]) + 1e-6));
  }
  let g = scale * grad[i];
  let m = params.beta1 * moments[i] + params.new1 * g;
  let v = params.beta2 * moments[params.nParams + i] + params.new2 * g * g;
  newMoments[i] = m;
  newMoments[params.nParams + i] = v;
  let along = m / params.correct1 / (sqrt(v / params.correct2) + params.epsilon);
  newParam[i] = param[i] - params.learningRate * (along + params.weightDecay * param[i]);
}
