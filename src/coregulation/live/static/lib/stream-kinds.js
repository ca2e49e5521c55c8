/** The kinds of streams that a page can send, in one table: where each comes from. The server's table says what each means. */

export const HEART_RATE = 'hr';
export const POLAR = 'pmd';
export const CAMERA = 'finger';

export const KINDS = {
  [HEART_RATE]: { service: 'heart_rate', data: 'heart_rate_measurement' },
  [POLAR]: {
    service: 'fb005c80-02e7-f387-1cad-8acd2d8df0c8',
    control: 'fb005c81-02e7-f387-1cad-8acd2d8df0c8',
    data: 'fb005c82-02e7-f387-1cad-8acd2d8df0c8',
    start: [
      [0x02, 0x00, 0x00, 0x01, 0x82, 0x00, 0x01, 0x01, 0x0e, 0x00], // ECG, 130 Hz, 14 bit
      [0x02, 0x02, 0x00, 0x01, 0x32, 0x00, 0x01, 0x01, 0x10, 0x00, 0x02, 0x01, 0x08, 0x00], // acceleration, 50 Hz, 16 bit, 8 g
    ],
    stop: [[0x03, 0x00], [0x03, 0x02]],
  },
  [CAMERA]: { camera: true },
};

/** Whether what a person wears is a finger on a camera. */
export const isCamera = (worn) => Boolean(worn && KINDS[worn.kind]?.camera);
