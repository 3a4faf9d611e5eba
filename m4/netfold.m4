dnl SPDX-License-Identifier: GPL-3.0-or-later
dnl The project's own switches and compiler flags. Every flag is tried on the compiler at hand, so
dnl that gcc and clang each get what they know. The user's CFLAGS and LDFLAGS are never touched.

AC_DEFUN([NF_ARG_SWITCHES], [
  AC_ARG_ENABLE([sanitizers],
    [AS_HELP_STRING([--enable-sanitizers], [build with AddressSanitizer and UndefinedBehaviorSanitizer])],
    [nf_sanitizers=$enableval], [nf_sanitizers=no])
  AC_ARG_ENABLE([fuzzers],
    [AS_HELP_STRING([--enable-fuzzers], [build the fuzz targets on libFuzzer (needs clang)])],
    [nf_fuzzers=$enableval], [nf_fuzzers=no])
  AC_ARG_ENABLE([coverage],
    [AS_HELP_STRING([--enable-coverage], [build for gcov])],
    [nf_coverage=$enableval], [nf_coverage=no])
  AC_ARG_ENABLE([hardening],
    [AS_HELP_STRING([--disable-hardening], [build without the hardening flags])],
    [nf_hardening=$enableval], [nf_hardening=yes])
  AC_ARG_ENABLE([werror],
    [AS_HELP_STRING([--enable-werror], [make every warning an error (as CI does)])],
    [nf_werror=$enableval], [nf_werror=no])
  AS_IF([test "$nf_sanitizers$nf_fuzzers" != nono], [nf_hardening=no])
  AM_CONDITIONAL([FUZZERS], [test "$nf_fuzzers" = yes])
  AM_CONDITIONAL([SANITIZERS], [test "$nf_sanitizers$nf_fuzzers" != nono])
  AM_CONDITIONAL([HAVE_SCDOC], [test -n "$SCDOC"])
])

dnl NF_TRY_CFLAG(VARIABLE, FLAG): append FLAG to VARIABLE when the compiler takes it
AC_DEFUN([NF_TRY_CFLAG], [
  nf_saved_CFLAGS=$CFLAGS
  CFLAGS="$CFLAGS $$1 -Werror $2"
  AC_MSG_CHECKING([whether $CC takes $2])
  AC_COMPILE_IFELSE([AC_LANG_PROGRAM], [AC_MSG_RESULT([yes]); $1="$$1 $2"], [AC_MSG_RESULT([no])])
  CFLAGS=$nf_saved_CFLAGS
])

dnl NF_TRY_LDFLAG(VARIABLE, FLAG)
AC_DEFUN([NF_TRY_LDFLAG], [
  nf_saved_LDFLAGS=$LDFLAGS
  LDFLAGS="$LDFLAGS $$1 $2"
  AC_MSG_CHECKING([whether the linker takes $2])
  AC_LINK_IFELSE([AC_LANG_PROGRAM], [AC_MSG_RESULT([yes]); $1="$$1 $2"], [AC_MSG_RESULT([no])])
  LDFLAGS=$nf_saved_LDFLAGS
])

AC_DEFUN([NF_WARNINGS], [
  NF_CFLAGS="-std=c17"
  m4_foreach_w([nf_flag], [-Wall -Wextra -Wshadow -Wconversion -Wsign-conversion -Wcast-qual
    -Wwrite-strings -Wpointer-arith -Wundef -Wvla -Wnull-dereference -Wformat=2
    -Wformat-signedness -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition
    -Wimplicit-fallthrough -Wjump-misses-init -Wlogical-op -Wduplicated-cond
    -Wduplicated-branches -Werror=implicit-function-declaration
    -Werror=incompatible-pointer-types -Werror=int-conversion -Werror=return-type],
    [NF_TRY_CFLAG([NF_CFLAGS], [nf_flag])])
  AS_IF([test "$nf_werror" = yes], [NF_CFLAGS="$NF_CFLAGS -Werror"])
  AC_SUBST([NF_CFLAGS])
])

AC_DEFUN([NF_HARDENING], [
  NF_HARDEN_CFLAGS= NF_HARDEN_LDFLAGS=
  AS_IF([test "$nf_hardening" = yes], [
    m4_foreach_w([nf_flag], [-fPIE -fstack-protector-strong -fstack-clash-protection
      -fcf-protection=full -ftrivial-auto-var-init=zero],
      [NF_TRY_CFLAG([NF_HARDEN_CFLAGS], [nf_flag])])
    dnl _FORTIFY_SOURCE warns without optimisation, which would make -O0 builds fail.
    AS_CASE([" $CFLAGS "], [*" -O0 "*], [],
      [NF_HARDEN_CFLAGS="$NF_HARDEN_CFLAGS -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3"])
    m4_foreach_w([nf_flag], [-pie -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed],
      [NF_TRY_LDFLAG([NF_HARDEN_LDFLAGS], [nf_flag])])
  ])
  AC_SUBST([NF_HARDEN_CFLAGS])
  AC_SUBST([NF_HARDEN_LDFLAGS])
])

AC_DEFUN([NF_INSTRUMENT], [
  NF_INSTRUMENT_CFLAGS=
  AS_IF([test "$nf_sanitizers$nf_fuzzers" != nono], [NF_INSTRUMENT_CFLAGS="-g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined"])
  AS_IF([test "$nf_fuzzers" = yes], [
    NF_INSTRUMENT_CFLAGS="$NF_INSTRUMENT_CFLAGS -fsanitize=fuzzer-no-link"
    AC_SUBST([FUZZER_LDFLAGS], [-fsanitize=fuzzer])
  ])
  AS_IF([test "$nf_coverage" = yes], [NF_INSTRUMENT_CFLAGS="$NF_INSTRUMENT_CFLAGS -O0 -g --coverage"])
  AC_SUBST([NF_INSTRUMENT_CFLAGS])
])

dnl NF_ARG_FOLDER(NAME, DEFAULT, CONDITIONAL, WHAT): a folder below the prefix, another one, or none
AC_DEFUN([NF_ARG_FOLDER], [
  AC_ARG_WITH([$1], [AS_HELP_STRING([--with-$1=DIR], [where $4 go, or no (default: $2)])],
    [AS_CASE([$withval], [yes], [$1='$2'], [$1=$withval])], [$1='$2'])
  AM_CONDITIONAL([$3], [test "$$1" != no])
  AC_SUBST([$1])
])

AC_DEFUN([NF_SYSTEMD_FOLDERS], [
  NF_ARG_FOLDER([systemdsystemunitdir], [${prefix}/lib/systemd/system], [SYSTEMD_UNITS], [systemd units])
  NF_ARG_FOLDER([sysusersdir], [${prefix}/lib/sysusers.d], [SYSUSERS], [the users of the units])
  NF_ARG_FOLDER([tmpfilesdir], [${prefix}/lib/tmpfiles.d], [TMPFILES], [the state directory's rights])
  NF_ARG_FOLDER([sysctldir], [${prefix}/lib/sysctl.d], [SYSCTL], [the kernel's settings])
])
