# The command line for systems that run images; the provider itself comes from a registry or a mirror. Build the executable first:
#   release/build x86_64-unknown-linux-musl && docker build --tag sfniam .
FROM scratch
ARG TARGET=x86_64-unknown-linux-musl
COPY --chmod=0755 dist/binaries/${TARGET}/terraform-provider-sfniam /sfniam
ENTRYPOINT ["/sfniam"]
