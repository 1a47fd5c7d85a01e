// Things in the kitchen: counter, board, bowl, dough, knife, spoon, pan, plate. Metres.
import * as THREE from "three";

export function material(color, roughness = 0.7, metalness = 0, extra = {}) {
  return new THREE.MeshStandardMaterial({ color, roughness, metalness, ...extra });
}

// A canvas texture painted by `paint(context, random)`; the same every time.
export function painted(size, paint, repeat = 1) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  paint(canvas.getContext("2d"), randomFrom(7));
  const texture = new THREE.CanvasTexture(canvas);
  texture.colorSpace = THREE.SRGBColorSpace;
  texture.wrapS = texture.wrapT = THREE.RepeatWrapping;
  texture.repeat.set(repeat, repeat);
  return texture;
}

export function randomFrom(seed) {
  let state = seed;
  return () => ((state = (state * 1664525 + 1013904223) >>> 0) / 4294967296);
}

export function solid(geometry, mat, x = 0, y = 0, z = 0) {
  const mesh = new THREE.Mesh(geometry, mat);
  mesh.position.set(x, y, z);
  mesh.castShadow = mesh.receiveShadow = true;
  return mesh;
}

const grain = (base, dark, lines) => (c, random) => {
  c.fillStyle = base;
  c.fillRect(0, 0, 1024, 1024);
  for (let i = 0; i < lines; i++) {
    c.strokeStyle = dark;
    c.globalAlpha = 0.05 + 0.18 * random();
    c.lineWidth = 1 + 4 * random();
    const y = 1024 * random(), bow = 40 * (random() - 0.5);
    c.beginPath();
    c.moveTo(0, y);
    c.bezierCurveTo(300, y + bow, 700, y - bow, 1024, y + bow / 2);
    c.stroke();
  }
};

const stone = (c, random) => {
  c.fillStyle = "#8b8884";
  c.fillRect(0, 0, 1024, 1024);
  for (let i = 0; i < 9000; i++) {
    const v = Math.floor(90 + 120 * random());
    c.fillStyle = `rgba(${v},${v - 4},${v - 10},0.35)`;
    c.fillRect(1024 * random(), 1024 * random(), 1 + 4 * random(), 1 + 4 * random());
  }
};

export const counter = () =>
  solid(new THREE.BoxGeometry(3, 0.04, 2), new THREE.MeshLambertMaterial({ map: painted(1024, stone, 2) }), 0, -0.02, 0);

export const board = (width = 0.46, depth = 0.3) =>
  solid(new THREE.BoxGeometry(width, 0.02, depth),
    material("#ffffff", 0.8, 0, { map: painted(1024, grain("#b98a55", "#5e3a1a", 160)) }), 0, 0.01, 0);

export function bowl(color = "#3f6f8f", radius = 0.11) {
  const profile = [[0.3, 0], [0.62, 0.06], [0.9, 0.3], [1, 0.6], [0.96, 0.6], [0.86, 0.33], [0.58, 0.12], [0, 0.09]];
  const points = profile.map(([r, y]) => new THREE.Vector2(r * radius, y * radius));
  return solid(new THREE.LatheGeometry(points, 48), material(color, 0.3, 0, { side: THREE.DoubleSide }));
}

export function dough() {
  const geometry = new THREE.SphereGeometry(0.1, 64, 40);
  const random = randomFrom(3), waves = [...Array(6)].map(() => [2 + 5 * random(), 6 * random()]);
  const p = geometry.attributes.position;
  for (let i = 0; i < p.count; i++) {
    const a = Math.atan2(p.getZ(i), p.getX(i));
    const bump = waves.reduce((sum, [n, s]) => sum + Math.sin(Math.round(n) * a + s + 30 * p.getY(i)), 0);
    const k = 1 + 0.012 * bump;
    p.setXYZ(i, p.getX(i) * k, p.getY(i) * k, p.getZ(i) * k);
  }
  geometry.computeVertexNormals();
  return solid(geometry, material("#e9d6b0", 0.85));
}

export function knife() {
  const shape = new THREE.Shape();
  shape.moveTo(0, 0);
  shape.lineTo(0.17, 0.004);
  shape.quadraticCurveTo(0.2, 0.02, 0.205, 0.034);
  shape.lineTo(0, 0.04);
  const steel = material("#d5d9dd", 0.22, 0.9);
  const blade = solid(new THREE.ExtrudeGeometry(shape, { depth: 0.002, bevelEnabled: false }), steel);
  const group = new THREE.Group();
  group.add(blade, solid(new THREE.BoxGeometry(0.12, 0.026, 0.018), material("#2a211c", 0.6), -0.06, 0.026, 0));
  return group;
}

export function spoon(color = "#c9cdd2", metal = 0.9, length = 0.2) {
  const look = material(color, metal ? 0.25 : 0.75, metal);
  const group = new THREE.Group();
  const head = solid(new THREE.SphereGeometry(0.026, 24, 16), look);
  head.scale.set(1.35, 0.28, 1);
  const stem = solid(new THREE.CylinderGeometry(0.005, 0.006, length, 12), look, length / 2 + 0.02, 0.004, 0);
  stem.rotation.z = Math.PI / 2;
  group.add(head, stem);
  return group;
}

export function pan() {
  const group = new THREE.Group();
  const iron = material("#26282b", 0.45, 0.6, { side: THREE.DoubleSide });
  const points = [[0, 0], [0.15, 0], [0.175, 0.045], [0.168, 0.045], [0.146, 0.006], [0, 0.006]];
  group.add(solid(new THREE.LatheGeometry(points.map(([r, y]) => new THREE.Vector2(r, y)), 64), iron));
  const handle = solid(new THREE.BoxGeometry(0.2, 0.014, 0.028), iron, 0.26, 0.045, -0.06);
  handle.rotation.y = 0.25;
  group.add(handle);
  return group;
}

export function plate() {
  const points = [[0, 0], [0.09, 0], [0.16, 0.016], [0.16, 0.02], [0.088, 0.007], [0, 0.006]];
  return solid(new THREE.LatheGeometry(points.map(([r, y]) => new THREE.Vector2(r, y)), 64),
    material("#f3f0ea", 0.25, 0, { side: THREE.DoubleSide }));
}

export const slice = (color = "#e8792b", radius = 0.018) =>
  solid(new THREE.CylinderGeometry(radius, radius, 0.005, 24), material(color, 0.6));
