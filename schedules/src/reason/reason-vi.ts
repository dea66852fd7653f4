import type { PlanReason } from './reason.ts';

/** Says a reason in Vietnamese. */
export function reasonInVietnamese(reason: PlanReason): string {
  switch (reason.code) {
    case 'quiet-hours':
      return `Từ ${reason.from} đến ${reason.to} nằm ngoài khung giờ được phát theo quy chế.`;
    case 'muted':
      return `Đang tạm ngừng phát đến ${reason.until}: ${reason.why}.`;
    case 'limit':
      return `Vượt mức quy chế cho phép: ${LIMITS[reason.limit](reason.max)}.`;
    case 'excluded':
      return 'Ngày này đã được bỏ khỏi lịch.';
    case 'holiday':
      return `Ngày nghỉ: ${reason.name}.`;
    case 'no-calendar':
      return `Lịch này cần bảng ngày nghỉ “${reason.tableId}” nhưng không tìm thấy.`;
    case 'waits-for-commune':
      return `Nội dung của ${reason.from} đang chờ xã quyết định phát.`;
    case 'declined':
      return `Xã đã quyết định không phát nội dung của ${reason.from}.`;
    case 'not-approved':
      return `Ngày ${reason.date} chưa được phê duyệt.`;
    case 'no-policy':
      return 'Cụm loa này chưa có quy chế phát thanh.';
    case 'already-begun':
      return 'Lượt phát này đã bắt đầu nên không thay đổi được nữa.';
    case 'in-the-past':
      return 'Giờ phát đã qua.';
    case 'collision':
      return 'Lượt phát này trùng với một lượt phát khác của cùng một lịch.';
    case 'pre-empts':
      return 'Chương trình đến sau được ưu tiên hơn nên ngắt chương trình đang phát.';
    case 'waits':
      return `Chương trình đến sau chờ loa rảnh, phát chậm ${Math.ceil(reason.waitMs / 1000)} giây.`;
    case 'gives-way':
      return 'Loa đang bận và chương trình đến sau không được chờ lâu như vậy, nên không phát.';
    case 'slot-over':
      return 'Đến khi loa rảnh thì khung giờ của chương trình đã hết, nên không phát.';
    case 'edit-begun':
      return 'Lượt phát này đã bắt đầu: thay đổi không áp dụng cho lượt này.';
    case 'edit-due':
      return 'Lượt phát này sắp bắt đầu: cụm loa nhận kịp thì theo thay đổi, không kịp thì phát như cũ; không cụm nào phát hai lần.';
    case 'edit-held':
      return `${reason.boxes} cụm loa đang mất kết nối vẫn giữ lịch cũ và có thể phát theo lịch cũ.`;
    case 'edit-free':
      return 'Lượt phát này sẽ theo thay đổi.';
    case 'needs-choice':
      return 'Hai chương trình ưu tiên trùng giờ: cần người phụ trách chọn chương trình phát trước.';
  }
}

const LIMITS = {
  'sessions-per-day': (max: number) => `mỗi ngày không quá ${max} buổi phát`,
  'minutes-per-session': (max: number) => `mỗi buổi không quá ${max} phút`,
  'minutes-per-day': (max: number) => `mỗi ngày không quá ${max} phút`,
} as const;
