import fc from "fast-check";

// One seed for all properties, so that what passes passes again; FUZZ_SEED looks elsewhere.
fc.configureGlobal({ seed: Number(process.env.FUZZ_SEED ?? 7) });
