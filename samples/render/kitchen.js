// Six scenes of a raw take. window.frame(seconds) draws one picture; nothing depends on the clock.
import * as THREE from "three";
import { loadHands } from "./hands.js";
import * as props from "./props.js";

const WIDTH = 1280, HEIGHT = 720;
const renderer = new THREE.WebGLRenderer({ antialias: true, preserveDrawingBuffer: true });
renderer.setSize(WIDTH, HEIGHT);
renderer.shadowMap.enabled = true;
renderer.shadowMap.type = THREE.PCFShadowMap;
renderer.toneMapping = THREE.ACESFilmicToneMapping;
renderer.toneMappingExposure = 1.05;
document.body.append(renderer.domElement);

const beat = (t, rate) => 0.5 - 0.5 * Math.cos(2 * Math.PI * rate * t);
const ease = (t) => { const k = Math.min(1, Math.max(0, t)); return k * k * (3 - 2 * k); };
const mix = (a, b, k) => a + (b - a) * k;

function stage() {
  const scene = new THREE.Scene();
  scene.background = new THREE.Color("#4a4642");
  scene.add(new THREE.HemisphereLight("#dfe8f2", "#6b5340", 1.1), props.counter());
  const lamp = new THREE.DirectionalLight("#ffe2bd", 2.6);
  lamp.position.set(-0.6, 1.4, 0.5);
  lamp.castShadow = true;
  lamp.shadow.mapSize.set(1024, 1024);
  Object.assign(lamp.shadow.camera, { left: -1, right: 1, top: 1, bottom: -1, near: 0.2, far: 3 });
  lamp.shadow.radius = 4;
  scene.add(lamp);
  return scene;
}

function emptyCounter(hands) {
  const scene = stage(), bowl = props.bowl();
  bowl.position.set(0.3, 0, -0.12);
  const board = props.board();
  board.position.x = -0.12;
  scene.add(board, bowl);
  return { scene, update() {} };
}

function kneading({ left, right }) {
  const scene = stage(), board = props.board(0.5, 0.36), dough = props.dough(), bowl = props.bowl("#b5533c");
  board.position.x = dough.position.x = -0.2;
  bowl.position.set(0.3, 0, -0.18);
  scene.add(board, dough, bowl, left.root, right.root);
  return { scene, update(t) {
    const push = beat(t, 1.0), sway = 0.012 * Math.sin(2 * Math.PI * 0.21 * t);
    dough.scale.set(1.12 + 0.12 * push, 0.62 - 0.16 * push, 1.0 + 0.22 * push);
    dough.position.set(-0.2 + sway, 0.02 + 0.055 * (1 - 0.2 * push), -0.03 - 0.03 * push);
    dough.rotation.y = 0.5 * Math.floor(t) + 0.5 * ease(4 * (t % 1));
    left.curl(0.16 + 0.1 * push, 0.15);
    right.curl(0.16 + 0.1 * push, 0.15);
    left.place(-0.275 + sway, 0.125 - 0.03 * push, 0.06 - 0.06 * push, -0.22, -0.2);
    right.place(-0.125 + sway, 0.125 - 0.03 * push, 0.06 - 0.06 * push, 0.22, -0.2);
  } };
}

const CHOPS = 3;
function chopping({ left, right }) {
  const scene = stage(), board = props.board(0.5, 0.34), knife = props.knife(), bowl = props.bowl("#e6dfd1", 0.09);
  board.position.x = 0.2;
  bowl.position.set(-0.22, 0, -0.1);
  const carrot = props.solid(new THREE.CylinderGeometry(0.018, 0.013, 0.16, 24), props.material("#e8792b", 0.6), 0, 0.038, 0);
  carrot.rotation.z = Math.PI / 2;
  scene.add(board, carrot, knife, bowl, left.root, right.root);
  const random = props.randomFrom(5);
  const slices = [...Array(27)].map((_, i) => {
    const slice = props.slice();
    slice.userData = { x: 0.27 + 0.09 * random(), z: -0.06 + 0.12 * random(), turn: 3 * random(), at: i };
    slice.rotation.set(0, slice.userData.turn, 0.1 * random());
    scene.add(slice);
    return slice;
  });
  return { scene, update(t) {
    const lift = Math.pow(Math.abs(Math.sin(Math.PI * CHOPS * t)), 0.8), done = CHOPS * t;
    const eaten = 0.0032 * Math.min(27, done);
    carrot.position.set(0.135 + eaten / 2, 0.038, -0.01);
    carrot.scale.y = 1 - eaten / 0.16;
    slices.forEach((slice) => {
      slice.visible = done > slice.userData.at + 0.5;
      const k = ease((done - slice.userData.at - 0.5) / 1.2);
      slice.position.set(mix(0.225, slice.userData.x, k), 0.0235 + 0.02 * Math.sin(Math.PI * k), slice.userData.z * k);
    });
    knife.position.set(0.232, 0.022 + 0.055 * lift, 0.05);
    knife.rotation.set(0, Math.PI / 2, -0.1 * lift);
    right.curl([0.5, 0.55, 0.5, 0.45], 0.45);
    right.place(0.24, 0.075 + 0.05 * lift, 0.13, 0.12, 0.06 * lift - 0.1);
    left.curl([0.3, 0.3, 0.3, 0.32], 0.25);
    left.place(0.105 + 0.3 * eaten, 0.085 + 0.003 * lift, 0.055, -0.5, -0.22);
  } };
}

export const DROP = 1.6;
function mishap({ left, right }) {
  const scene = stage(), board = props.board(), bowl = props.bowl("#3f6f8f", 0.12), spoon = props.spoon();
  board.position.x = 0.25;
  bowl.position.set(0.22, 0.02, -0.06);
  scene.add(board, bowl, spoon, right.root, left.root);
  return { scene, update(t) {
    // Stirring above the bowl, the slip, stillness, then both hands reach for it and lift it.
    const fall = t - DROP, reach = ease((t - 3.3) / 1.0), lift = ease((t - 4.7) / 1.2);
    const stir = 0.03 * (fall < 0 ? 1 : 0);
    const startle = 0.05 * ease(fall / 0.2) * (1 - reach);
    const rx = mix(0.25 + stir * Math.cos(9 * t), -0.13, reach);
    const ry = mix(0.17 + startle, 0.075, reach) + 0.1 * lift;
    const rz = mix(0.1 + stir * Math.sin(9 * t), 0.1, reach);
    right.place(rx, ry, rz, mix(0.1, 0.35, reach), -0.2);
    right.curl(mix(fall < 0 ? 0.45 : 0.12, 0.25, reach) + 0.2 * lift, 0.3);
    left.place(mix(0.05, -0.26, reach), mix(0.1, 0.075, reach) + 0.1 * lift, mix(0.13, 0.1, reach), -0.3, -0.2);
    left.curl(0.15 + 0.2 * lift, 0.25);
    if (fall < 0) {
      spoon.position.set(rx - 0.03, ry - 0.01, rz - 0.07);
      spoon.rotation.set(0, -1.2, 0.5);
    } else {
      const flight = Math.min(1, fall / 0.28), after = Math.max(0, fall - 0.28);
      const bounce = 0.05 * Math.exp(-5 * after) * Math.abs(Math.sin(14 * after));
      spoon.position.set(mix(0.2, -0.17, ease(fall / 0.7)), mix(0.15, 0.006, flight * flight) + bounce + 0.1 * lift,
        mix(0.05, 0.0, ease(fall / 0.7)));
      spoon.rotation.set(0, -1.2 + 2.2 * ease(fall / 0.9), 0.5 * (1 - flight) + 2 * bounce);
    }
  } };
}

function stirring({ left, right }) {
  const scene = stage(), pan = props.pan(), spoon = props.spoon("#a9743f", 0, 0.26);
  pan.position.x = 0.1;
  pan.rotation.y = 3.7;
  scene.add(pan, spoon, right.root, left.root);
  const food = new THREE.Group(), random = props.randomFrom(11), bits = [];
  for (let i = 0; i < 90; i++) {
    const color = ["#d9a441", "#c2532d", "#e7d9b0", "#5d8a3a"][i % 4];
    const bit = props.solid(new THREE.DodecahedronGeometry(0.006 + 0.006 * random()), props.material(color, 0.5));
    bit.userData = { r: 0.13 * Math.sqrt(random()), a: 6.3 * random(), y: 0.012 + 0.008 * random(), s: random() };
    bits.push(bit);
    food.add(bit);
  }
  const steam = [...Array(14)].map((_, i) => {
    const puff = new THREE.Mesh(new THREE.SphereGeometry(0.05, 12, 8),
      new THREE.MeshBasicMaterial({ color: "#ffffff", transparent: true, opacity: 0.03, depthWrite: false }));
    puff.userData = { phase: i / 14, x: 0.2 * (random() - 0.5), z: 0.2 * (random() - 0.5) };
    food.add(puff);
    return puff;
  });
  food.position.x = 0.1;
  scene.add(food);
  return { scene, update(t) {
    const a = 2 * Math.PI * 0.9 * t, x = 0.1 + 0.07 * Math.cos(a), z = 0.07 * Math.sin(a);
    spoon.position.set(x, 0.022, z);
    spoon.rotation.set(0, -0.75, 0.62);
    right.place(x + 0.14, 0.17, z + 0.145, 0.25, -0.1);
    right.curl([0.42, 0.45, 0.45, 0.42], 0.4);
    left.place(-0.13, 0.085, 0.12, -0.5, -0.15);
    left.curl(0.35, 0.35);
    bits.forEach((bit) => {
      const u = bit.userData, turn = u.a + 0.9 * t * (0.4 + u.s);
      bit.position.set(u.r * Math.cos(turn), u.y + 0.004 * Math.abs(Math.sin(20 * t * u.s + u.a)), u.r * Math.sin(turn));
    });
    steam.forEach((puff) => {
      const k = (puff.userData.phase + 0.35 * t) % 1;
      puff.position.set(puff.userData.x + 0.03 * Math.sin(5 * k), 0.05 + 0.35 * k, puff.userData.z);
      puff.scale.setScalar(0.6 + 1.6 * k);
      puff.material.opacity = 0.045 * Math.sin(Math.PI * k);
    });
  } };
}

function plated() {
  const scene = stage(), plate = props.plate(), random = props.randomFrom(23);
  plate.position.x = 0.05;
  scene.add(plate);
  for (let i = 0; i < 70; i++) {
    const color = ["#d9a441", "#c2532d", "#e7d9b0", "#5d8a3a", "#e8792b"][i % 5];
    const bit = props.solid(new THREE.DodecahedronGeometry(0.007 + 0.007 * random()), props.material(color, 0.45));
    const r = 0.07 * Math.sqrt(random()), a = 6.3 * random();
    bit.position.set(0.05 + r * Math.cos(a), 0.012 + 0.03 * (1 - r / 0.07) * random(), r * Math.sin(a));
    scene.add(bit);
  }
  for (let i = 0; i < 5; i++) {
    const leaf = props.solid(new THREE.SphereGeometry(0.014, 16, 8), props.material("#3f7a34", 0.6));
    leaf.scale.set(1.6, 0.25, 0.8);
    leaf.position.set(0.05 + 0.02 * Math.cos(1.3 * i), 0.048, 0.02 * Math.sin(1.3 * i));
    leaf.rotation.set(0.3, 1.3 * i, 0.3);
    scene.add(leaf);
  }
  return { scene, update() {} };
}

const skin = (color) => new THREE.MeshStandardMaterial({ color, roughness: 0.6 });
const cooks = {
  first: await loadHands(skin("#d9a07c"), props.material("#4d6b8a", 0.9)),
  second: await loadHands(skin("#8a5a3c"), props.material("#efe9dd", 0.9)),
};
const SCENES = [
  [5, emptyCounter, null], [9, kneading, "first"], [9, chopping, "second"],
  [7, mishap, "first"], [8, stirring, "second"], [7, plated, null],
];
const camera = new THREE.PerspectiveCamera(38, WIDTH / HEIGHT, 0.05, 10);
let start = 0;
const takes = SCENES.map(([length, make, cook]) => ({ start: (start += length) - length, length, make, cook }));

window.frame = (time) => {
  const take = takes.findLast((each) => time >= each.start - 1e-6);
  take.built ??= take.make(cooks[take.cook]);
  const t = time - take.start;
  take.built.update(t);
  // Two scenes share a cook's hands: they belong to the scene that is drawn.
  if (take.cook) take.built.scene.add(cooks[take.cook].left.root, cooks[take.cook].right.root);
  const sway = take.cook ? 0.003 : 0.0008;
  camera.position.set(sway * Math.sin(1.7 * time), 0.86 + sway * Math.sin(1.1 * time), 0.46);
  camera.lookAt(sway * Math.sin(0.9 * time), 0, 0.03);
  renderer.render(take.built.scene, camera);
  return renderer.domElement.toDataURL("image/jpeg", 0.93);
};
window.seconds = start;
window.ready = true;
