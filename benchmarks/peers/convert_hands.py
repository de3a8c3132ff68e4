"""The usual conversion of the hand-bone layout, as one writes it down: cv2.imread, json, for each outline cv2.fillPoly on a mask of the image's
own size and a resize of it, np.savez or np.savez_compressed. A loop over the cases, or a pool of processes around it.

convert_hands.py FOLDER SIZE plain|compressed [PROCESSES] [CASES]     PROCESSES 1, CASES all when left out
"""
import json
import os
import resource
import shutil
import sys
import tempfile
import time
from multiprocessing import Pool

import cv2
import numpy as np

CLASSES = [f"finger-{i}" for i in range(1, 20)] + [
    "Trapezium", "Trapezoid", "Capitate", "Hamate", "Scaphoid", "Lunate", "Triquetrum", "Pisiform", "Radius", "Ulna"]
INDEX = {name: k for k, name in enumerate(CLASSES)}


def convert(job):
    image_path, label_path, out, size, compressed = job
    image = cv2.imread(image_path, cv2.IMREAD_GRAYSCALE)
    with open(label_path, encoding="utf-8") as file:
        annotations = json.load(file)["annotations"]
    masks = np.zeros((len(CLASSES), size, size), np.uint8)
    for annotation in annotations:
        mask = np.zeros(image.shape[:2], np.uint8)
        cv2.fillPoly(mask, [np.array(annotation["points"])], 1)
        masks[INDEX[annotation["label"]]] = cv2.resize(mask, (size, size), interpolation=cv2.INTER_NEAREST)
    small = cv2.resize(image, (size, size), interpolation=cv2.INTER_AREA)
    (np.savez_compressed if compressed else np.savez)(out, image=small, masks=masks)


def main():
    folder, size, kind = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    processes = int(sys.argv[4]) if len(sys.argv) > 4 else 1
    most = int(sys.argv[5]) if len(sys.argv) > 5 else None
    out = tempfile.mkdtemp(prefix="convert-peer-")
    jobs = []
    images = os.path.join(folder, "train", "DCM")
    for patient in sorted(os.listdir(images)):
        for name in sorted(os.listdir(os.path.join(images, patient))):
            stem = os.path.splitext(name)[0]
            jobs.append((os.path.join(images, patient, name), os.path.join(folder, "train", "outputs_json", patient, stem + ".json"),
                         os.path.join(out, stem + ".npz"), size, kind == "compressed"))
    jobs = jobs[:most]
    start = time.perf_counter()
    if processes == 1:
        for job in jobs:
            convert(job)
    else:
        with Pool(processes, initializer=cv2.setNumThreads, initargs=(1,)) as pool:
            pool.map(convert, jobs, chunksize=1)
    wall = time.perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_SELF if processes == 1 else resource.RUSAGE_CHILDREN)
    total = sum(os.path.getsize(os.path.join(out, name)) for name in os.listdir(out))
    shutil.rmtree(out)
    cpu = used.ru_utime + used.ru_stime
    print(f"{len(jobs)} cases in {wall:.2f} s wall, {cpu:.2f} s processor: {len(jobs) / wall:.1f} cases/s, "
          f"{1000 * cpu / len(jobs):.0f} ms processor a case, {total / 1024 / len(jobs):.0f} KiB a case")


if __name__ == "__main__":
    main()
