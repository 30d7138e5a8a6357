// What is chosen by dimension, here and where memory is set aside for it.

#ifndef C_MIXTURE_CHOICES_H
#define C_MIXTURE_CHOICES_H

// From here on second moments are those of packed points: the transposition costs less than inner products of lanes.
#define PACKED_DIMENSION 40

// Up to here the sums of traces and diagonals stay in registers.
#define SQUARES_DIMENSION 4

#endif
