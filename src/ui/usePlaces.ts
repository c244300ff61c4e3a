import { type RefObject, useEffect } from "react";
import { useMotions } from "../app/motions.ts";
import { wantPlaces } from "../app/otherPlaces.ts";
import { canBeMet, usualChoices } from "../app/placeChoices.ts";
import { usePositions } from "../app/positions.ts";
import { useResultVersion } from "../app/results.ts";
import { chooseFigures, useView } from "../app/viewStore.ts";
import type { FigureChoices } from "../protocol/pictures.ts";
import { useSeen } from "./useSeen.ts";

/**
 * The choices of a panel that holds positions against each other. Until a person chooses, and again when what was chosen is gone,
 * they are the usual ones; the positions they mean are with the paint worker from when the panel is first seen until it closes.
 */
export function usePlaces<K extends "displacement" | "agreement">(
  panel: K,
  element: RefObject<HTMLElement | null>,
): FigureChoices[K] {
  useResultVersion("run");
  useResultVersion("spikes");
  usePositions();
  useMotions((state) => state.entries);
  useMotions((state) => state.activeId);
  const choice = useView((state) => state.figures[panel]);
  const isSeen = useSeen(element);
  const places = "source" in choice ? [choice.source, choice.target] : [choice.own, choice.reference];
  // in every render: what it depends on are arrays outside React, and it does nothing where nothing is new
  useEffect(() => {
    const usual = usualChoices()?.[panel];
    if (usual && !(choice.isChosen && places.every(canBeMet))) {
      const next = { ...usual, ...("wheel" in choice ? { wheel: choice.wheel } : {}) };
      if (JSON.stringify(next) !== JSON.stringify(choice)) chooseFigures({ [panel]: next });
    }
    if (isSeen) wantPlaces(panel, [...new Set(places.map(({ set }) => set))]);
  });
  useEffect(() => () => wantPlaces(panel, []), [panel]);
  return choice;
}
