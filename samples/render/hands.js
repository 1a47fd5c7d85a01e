// A rigged hand that can be put anywhere with its fingers curled.
import * as THREE from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";

const FINGERS = ["thumb", "index-finger", "middle-finger", "ring-finger", "pinky-finger"];
const BONES = ["metacarpal", "phalanx-proximal", "phalanx-intermediate", "phalanx-distal", "tip"];
const ASSETS = "/node_modules/@webxr-input-profiles/assets/dist/profiles/generic-hand/";

export class Hand {
  // The asset's joints lie side by side under the wrist: each finger becomes a chain here, so that
  // a joint takes the ones after it along.
  constructor(side, gltf, skin, cloth) {
    this.side = side;
    this.root = new THREE.Group();
    this.model = gltf.scene;
    // The asset's fingers point down and its back sideways: away from the cook and up here.
    const out = side === "left" ? 1 : -1;
    const turned = new THREE.Group();
    turned.applyMatrix4(new THREE.Matrix4().makeBasis(
      new THREE.Vector3(0, -out, 0), new THREE.Vector3(0, 0, 1), new THREE.Vector3(-out, 0, 0)));
    turned.add(this.model);
    this.root.add(turned, forearm(out, skin, cloth));
    this.joints = {};
    this.rest = {};
    this.model.updateMatrixWorld(true);
    for (const finger of FINGERS) {
      const chain = BONES.map((bone) => this.model.getObjectByName(`${finger}-${bone}`)).filter(Boolean);
      chain.slice(1).forEach((joint, i) => chain[i].attach(joint));
      this.joints[finger] = chain;
      this.rest[finger] = chain.map((joint) => joint.quaternion.clone());
    }
    this.model.traverse((part) => {
      if (!part.isMesh) return;
      part.frustumCulled = false;
      part.castShadow = part.receiveShadow = true;
      part.material = skin;
    });
  }

  // curl: 0 is the open rest pose, 1 a fist; one number or one a finger.
  curl(amount, thumb = 0.3) {
    FINGERS.forEach((finger, f) => {
      const bend = f === 0 ? thumb : Array.isArray(amount) ? amount[f - 1] : amount;
      this.joints[finger].forEach((joint, i) => {
        joint.quaternion.copy(this.rest[finger][i]);
        if (i > 0 && i < this.joints[finger].length - 1) joint.rotateX(-bend * (f === 0 ? 0.6 : 1.1));
      });
    });
  }

  // x, z on the table and y above it in metres; yaw about the vertical, pitch tips the fingers down.
  place(x, y, z, yaw = 0, pitch = 0, roll = 0) {
    this.root.position.set(x, y, z);
    this.root.rotation.set(pitch, yaw, roll, "YXZ");
  }
}

function forearm(out, skin, cloth) {
  const arm = new THREE.Group();
  const part = (near, far, start, length, material) => {
    const mesh = new THREE.Mesh(new THREE.CylinderGeometry(far, near, length, 24, 1), material);
    mesh.rotation.x = Math.PI / 2;
    mesh.position.z = start + length / 2;
    mesh.scale.z = 0.8;
    mesh.castShadow = mesh.receiveShadow = true;
    arm.add(mesh);
  };
  part(0.027, 0.034, 0, 0.12, skin);
  part(0.042, 0.055, 0.1, 0.4, cloth);
  arm.position.set(-0.006 * out, 0.036, 0.05);
  arm.rotation.x = -0.12;
  return arm;
}

export async function loadHands(skin, cloth) {
  const loader = new GLTFLoader();
  const [left, right] = await Promise.all(
    ["left", "right"].map((side) => loader.loadAsync(`${ASSETS}${side}.glb`)));
  return { left: new Hand("left", left, skin, cloth), right: new Hand("right", right, skin, cloth) };
}
