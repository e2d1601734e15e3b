# weft: `make demo` to see it, `make test` to try it, `make install PREFIX=...` to keep it.

B       ?= build
PREFIX  ?= /usr/local
DESTDIR ?=
ifeq ($(origin CC),default)
CC      := gcc
endif
CLANG   := clang-19
LLVM    := llvm-config-19
OPT     ?= -O2 -g
SAN     ?=
VERSION := $(shell sed -n 's/^.define WEFT_VERSION "\(.*\)"/\1/p' engine/weft.h)
SONAME  := libweft.so.$(firstword $(subst ., ,$(VERSION)))
PACKAGES := gcc libc6-dev clang-19 llvm-19-dev libclang-rt-19-dev liblua5.4-dev lua5.4 libhwloc-dev \
            libgdal-dev gdal-bin libsleef-dev libedit-dev libcjson-dev check pkg-config clang-format-19 \
            python3-gdal python3-numpy python3-scipy

V       ?=
Q       := $(if $V,,@)

all: deps
	@$(MAKE) --no-print-directory build

# ------------------------------------------------------------------ what has to be installed
deps:
	@tests/deps.sh $(PACKAGES)

ifeq ($(filter deps clean,$(MAKECMDGOALS)),)
PKG := lua5.4 hwloc gdal libcjson libedit
PKG_CFLAGS := $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(PKG) 2>/dev/null)) $(addprefix -isystem ,$(shell $(LLVM) --includedir 2>/dev/null))
ENGINE_LIBS := $(strip $(shell pkg-config --libs hwloc gdal 2>/dev/null) $(shell $(LLVM) --ldflags --libs 2>/dev/null) -lsleef -lpthread -ldl -lm)
MODULE_LIBS := $(shell pkg-config --libs libcjson libedit 2>/dev/null) $(ENGINE_LIBS)
PKG_LIBS := $(shell pkg-config --libs lua5.4 2>/dev/null) $(MODULE_LIBS)
endif

# ------------------------------------------------------------------ engine, operators, language
# gcc 12 loses roundings to float where its SLP vectoriser pairs them.
WARN     := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
            -Wno-missing-field-initializers
CFLAGS   += -std=c17 $(OPT) -fPIC -fvisibility=hidden -D_GNU_SOURCE -ffp-contract=off -fno-tree-slp-vectorize $(WARN) $(SAN)
INCLUDE  := -Iengine
OPFLAGS  := -std=c17 -O2 -fPIC -fno-builtin -ffp-contract=off -fno-tree-slp-vectorize -Wall -Wextra -Werror -Wno-missing-field-initializers -Iengine -Iops
# Reductions are compiled once, natively, and vectorised for what weft asks of a machine.
REDUCEFLAGS := $(filter-out -O2 -fno-builtin,$(OPFLAGS)) -Iops/reduce -O3 $(if $(filter x86_64,$(shell uname -m)),-mavx2)
# So are functions on rows, but for f32 and f64.
ROWFLAGS := -Iops/rows -O3 $(if $(filter x86_64,$(shell uname -m)),-mavx2 -mfma -mpopcnt -mbmi)

ENGINE   := $(filter-out engine/code/loop.c,$(wildcard engine/*.c engine/*/*.c))
DSL      := $(filter-out dsl/main.c dsl/module.c,$(wildcard dsl/*.c))
LUA      := $(wildcard dsl/*.lua)
REDUCE   := $(sort $(wildcard ops/reduce/*.c))
ROWS     := $(sort $(wildcard ops/rows/*.c))
INLINED  := $(sort $(wildcard ops/*.c))
OPS      := $(INLINED) $(ROWS)

ENGINE_O := $(ENGINE:%.c=$B/%.o)
DSL_O    := $(DSL:%.c=$B/%.o) $(LUA:%.lua=$B/%.o)
OPS_O    := $(OPS:%.c=$B/%.f32.o) $(OPS:%.c=$B/%.f64.o) $(REDUCE:%.c=$B/%.o) $B/ops/table.o $B/ops/bitcode.o
OPS_BC   := $(INLINED:%.c=$B/%.f32.bc) $(INLINED:%.c=$B/%.f64.bc) $B/engine/code/loop.bc

build: $B/weft $B/libweft.a $B/libweft.so $B/weft.so
	@:

# Rows are looked through for what is invalid: as fast as they are read.
$B/engine/run/odd.o: CFLAGS += -O3 $(if $(filter x86_64,$(shell uname -m)),-mavx2)
$B/engine/%.o: engine/%.c
	@mkdir -p $(@D)
	@echo "cc    $@"
	$Q$(CC) $(CFLAGS) $(INCLUDE) $(PKG_CFLAGS) -MMD -MP -c $< -o $@
$B/dsl/%.o: dsl/%.c
	@mkdir -p $(@D)
	@echo "cc    $@"
	$Q$(CC) $(CFLAGS) $(INCLUDE) -Idsl $(PKG_CFLAGS) -MMD -MP -c $< -o $@
$B/ops/%.f32.o: ops/%.c
	@mkdir -p $(@D)
	@echo "cc    $@"
	$Q$(CC) $(OPFLAGS) $(SAN) -DWEFT_DESCRIBE -fvisibility=hidden -MMD -MP -c $< -o $@
$B/ops/%.f64.o: ops/%.c
	@mkdir -p $(@D)
	@echo "cc    $@"
	$Q$(CC) $(OPFLAGS) $(SAN) -DPX_DOUBLE -fvisibility=hidden -MMD -MP -c $< -o $@
$B/ops/reduce/%.o: ops/reduce/%.c
	@mkdir -p $(@D)
	@echo "cc    $@"
	$Q$(CC) $(REDUCEFLAGS) $(SAN) -fvisibility=hidden -MMD -MP -c $< -o $@
$B/ops/rows/%.o: OPFLAGS += $(ROWFLAGS)

# Bitcode for the base instruction set; the JIT sets the host's, and vectorises. No sanitizer here.
BCFLAGS := $(OPFLAGS) -fno-slp-vectorize -Xclang -disable-O0-optnone -emit-llvm -g0 -fno-stack-protector
$B/ops/%.f32.bc: ops/%.c
	@mkdir -p $(@D)
	@echo "clang $@"
	$Q$(CLANG) $(BCFLAGS) -MMD -MP -MF $(@:.bc=.bc.d) -c $< -o $@
$B/ops/%.f64.bc: ops/%.c
	@mkdir -p $(@D)
	@echo "clang $@"
	$Q$(CLANG) $(BCFLAGS) -DPX_DOUBLE -MMD -MP -MF $(@:.bc=.bc.d) -c $< -o $@
$B/engine/code/loop.bc: engine/code/loop.c
	@mkdir -p $(@D)
	@echo "clang $@"
	$Q$(CLANG) $(BCFLAGS) -MMD -MP -MF $(@:.bc=.bc.d) -c $< -o $@
$B/ops/all.bc: $(OPS_BC)
	@echo "link  $@"
	$Qllvm-link-19 $^ -o $@

# Things embedded as bytes: SYMBOL, SYMBOL_end.
define embed
@mkdir -p $(@D)
@printf '.section .rodata\n.global %s, %s_end\n.hidden %s, %s_end\n.balign 16\n%s:\n.incbin "%s"\n%s_end:\n.byte 0\n.section .note.GNU-stack,"",@progbits\n' $1 $1 $1 $1 $1 $< $1 > $(@:.o=.S)
$Q$(CC) -c $(@:.o=.S) -o $@
endef
$B/ops/bitcode.o: $B/ops/all.bc
	$(call embed,wf_bitcode)
$(LUA:%.lua=$B/%.o): $B/dsl/%.o: dsl/%.lua
	$(call embed,wf_$*)

# The table of operators, from the symbols of the compiled files.
$B/ops/table.c: $(OPS:%.c=$B/%.f32.o) $(REDUCE:%.c=$B/%.o)
	@nm --defined-only $^ | sed -n 's/.* [DRdr] weft_op_\([a-z0-9_]*\)$$/\1/p' | LC_ALL=C sort > $B/ops/names
	@{ echo '#include "op.h"'; sed 's/.*/extern const WeftOp weft_op_&;/' $B/ops/names; \
	   echo 'const WeftOp *const weft_op_table[] = {'; sed 's/.*/    \&weft_op_&,/' $B/ops/names; \
	   echo '};'; echo "const int weft_op_count = $$(wc -l < $B/ops/names);"; } > $@
$B/ops/table.o: $B/ops/table.c
	@echo "cc    $@"
	$Q$(CC) $(OPFLAGS) $(SAN) -fvisibility=hidden -c $< -o $@

$B/libweft.a: $(ENGINE_O) $(OPS_O)
	@rm -f $@
	@echo "ar    $@"
	$Qar rcs $@ $^
# A shared library shows what is public and nothing else.
define exports
@printf '{ global: %s; local: *; };\n' '$1' > $@.map
endef
$B/libweft.so: $(ENGINE_O) $(OPS_O)
	@echo "link  $@"
	$(call exports,weft_*)
	$Q$(CC) $(SAN) -shared -Wl,-soname,$(SONAME) -Wl,--version-script=$@.map $^ -o $@ $(ENGINE_LIBS)
	@ln -sf libweft.so $B/$(SONAME)
$B/weft: $B/dsl/main.o $(DSL_O) $B/libweft.a
	@echo "link  $@"
	$Q$(CC) $(SAN) $^ -o $@ $(PKG_LIBS)
# `require "weft"` from lua5.4
$B/weft.so: $B/dsl/module.o $(DSL_O) $B/libweft.a
	@echo "link  $@"
	$(call exports,luaopen_weft)
	$Q$(CC) $(SAN) -shared -Wl,--version-script=$@.map $^ -o $@ $(MODULE_LIBS)

-include $(shell find $B -name '*.d' 2>/dev/null)

# ------------------------------------------------------------------ tests
UNIT   := $(wildcard tests/unit/check_*.c)
UNIT_X := $(UNIT:tests/unit/%.c=$B/tests/%)
TOOLS  := $(patsubst tests/tools/%.c,$B/tests/%,$(wildcard tests/tools/*.c))

$B/tests/%.o: tests/unit/%.c
	@mkdir -p $(@D)
	@echo "cc    $@"
	$Q$(CC) $(filter-out -Wmissing-prototypes,$(CFLAGS)) $(INCLUDE) -Itests/unit $(PKG_CFLAGS) -MMD -MP -c $< -o $@
$B/tests/check_%: $B/tests/check_%.o $B/tests/harness.o $B/libweft.a
	@echo "link  $@"
	$Q$(CC) $(SAN) $^ -o $@ $(PKG_LIBS) $$(pkg-config --libs check)
$B/tests/%: tests/tools/%.c $B/libweft.a
	@mkdir -p $(@D)
	@echo "link  $@"
	$Q$(CC) $(filter-out -Wmissing-prototypes,$(CFLAGS)) $(INCLUDE) -Idsl $(PKG_CFLAGS) -MMD -MP -MT $@ $< $(filter %.o,$^) $B/libweft.a -o $@ $(PKG_LIBS)
# These run scripts too.
$B/tests/faults $B/tests/noise: $(DSL_O)

tests: build $(UNIT_X) $(TOOLS)
	@:
test: deps
	@$(MAKE) --no-print-directory -j$$(nproc) tests
	@tests/run.sh $B
check: tests
	@tests/run.sh $B '$(ONLY)'

# Sanitizers: address and undefined behaviour with both engines; threads with the reference, as code
# from the JIT is not instrumented. Pixel by pixel under the thread sanitizer, the example's two
# thousand operators take too long: examples, documents and comparisons are left out there. What libraries
# do among themselves is not looked at.
TSAN_PARTS := layers|check_|tests/(script|error|show|laws|fault|fuzz)
asan:
	@$(MAKE) --no-print-directory -j$$(nproc) B=build/asan OPT='-O1 -g' SAN='-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer' tests
	@ASAN_OPTIONS=detect_leaks=1:halt_on_error=1 LSAN_OPTIONS=suppressions=tests/leaks.supp:print_suppressions=0 tests/run.sh build/asan '$(or $(ONLY),.)'
tsan:
	@$(MAKE) --no-print-directory -j$$(nproc) B=build/tsan OPT='-O1 -g' SAN='-fsanitize=thread' tests
	@TSAN_OPTIONS=halt_on_error=1:ignore_noninstrumented_modules=1:suppressions=$(CURDIR)/tests/threads.supp WEFT_ENGINE=reference tests/run.sh build/tsan '$(or $(ONLY),$(TSAN_PARTS))'

# Random graphs, compiled against reference; random bytes as scripts and expressions.
SEED  ?= 1
COUNT ?= 10000
fuzz: tests
	@$B/tests/graphs $(SEED) $(COUNT)
	@tests/fuzz/run.sh $B 2000

bench: tests
	@tests/bench/bench.sh $B

# ------------------------------------------------------------------ documents, demonstration, installation
docs: build
	$B/weft ops --markdown > docs/operators.md

demo: deps
	@$(MAKE) --no-print-directory -j$$(nproc) build
	@$B/weft run examples/01_ndvi.lua $B/demo

INTO := $(DESTDIR)$(PREFIX)
install: build
	install -d $(INTO)/bin $(INTO)/include/weft $(INTO)/lib/pkgconfig $(INTO)/lib/weft $(INTO)/lib/lua/5.4 $(INTO)/share/man/man1
	install -m 755 $B/weft $(INTO)/bin/weft
	install -m 644 engine/weft.h engine/op.h $(INTO)/include/weft
	install -m 644 $B/libweft.a $(INTO)/lib/libweft.a
	ln -sf ../libweft.a $(INTO)/lib/weft/libweft.a
	install -m 755 $B/libweft.so $(INTO)/lib/libweft.so.$(VERSION)
	ln -sf libweft.so.$(VERSION) $(INTO)/lib/$(SONAME)
	ln -sf libweft.so.$(VERSION) $(INTO)/lib/libweft.so
	install -m 755 $B/weft.so $(INTO)/lib/lua/5.4/weft.so
	sed 's|@PREFIX@|$(PREFIX)|; s|@VERSION@|$(VERSION)|; s|@LIBS@|$(ENGINE_LIBS)|' docs/weft.pc.in > $(INTO)/lib/pkgconfig/weft.pc
	sed 's|@PREFIX@|$(PREFIX)|; s|@VERSION@|$(VERSION)|' docs/weft-folder.pc.in > $(INTO)/lib/pkgconfig/weft-folder.pc
	sed 's|@VERSION@|$(VERSION)|' docs/weft.1 > $(INTO)/share/man/man1/weft.1

format:
	clang-format-19 -i engine/*.[ch] engine/*/*.[ch] dsl/*.[ch] ops/*.[ch] ops/*/*.[ch] tests/unit/*.[ch] tests/tools/*.[ch]

clean:
	rm -rf build

.PHONY: all deps build tests test check asan tsan fuzz bench docs demo install format clean
.SECONDARY:
