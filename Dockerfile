# Two stages: the first builds the wheel and the environment it runs in, the second has nothing but Python and that.
# tests/containers builds it and runs it, with a read-only root and as user 10001.
FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY scenarios scenarios
COPY mockface mockface
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels .
RUN python -m venv --without-pip /opt/mockface \
 && pip --python /opt/mockface/bin/python install --no-cache-dir --constraint constraints.txt \
    "mockface[tls,redis] @ file://$(echo /wheels/*.whl)" \
 && pip --python /opt/mockface/bin/python list --format freeze > /opt/mockface/packages.txt \
 && cd /opt/mockface \
 && find bin -mindepth 1 ! -name mockface ! -name 'python*' -delete \
 && find lib -name tests -prune -exec rm -r {} + \
 && find lib '(' -name '*.py[xdi]' -o -name '*.pxd' -o -name '*.[ch]' ')' -delete

FROM python:3.13-slim
ARG VERSION=0 REVISION=unknown CREATED=1970-01-01T00:00:00Z
LABEL org.opencontainers.image.title="mockface" \
      org.opencontainers.image.description="The retired face-verification service POST /face/idcardcompare, offline, for tests" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}"
# Nothing that installs is left.
RUN rm -rf /usr/local/bin/pip* /usr/local/lib/python3.*/site-packages/pip* /usr/local/lib/python3.*/ensurepip
COPY --from=build /opt/mockface /opt/mockface
# Scenario files of the team's own are mounted at /scenarios, read-only; without a mount it is empty and nothing is missed.
# A volume mounted at /certs belongs to the user below, so that 'mockface tls init /certs' can fill it.
RUN mkdir /scenarios && install -d -o 10001 -g 10001 /certs
WORKDIR /
USER 10001:10001
ENV PATH=/opt/mockface/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    MOCKFACE_HOST=0.0.0.0 \
    MOCKFACE_PORT=8641 \
    MOCKFACE_TLS_PORT=8643 \
    MOCKFACE_SCENARIOS_MOUNT=/scenarios
EXPOSE 8641 8643
STOPSIGNAL SIGTERM
# It reads the variables that the server reads: give port and TLS as variables, not as flags, and it follows.
# Its options are those that every builder knows: --start-interval stops Docker before 25 and podman before 5.
HEALTHCHECK --interval=2s --timeout=4s --start-period=10s --retries=5 CMD ["mockface", "health"]
ENTRYPOINT ["mockface"]
CMD ["serve"]
