# Two stages: the first builds the wheel, the second has nothing but Python and what the wheel needs.
FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY scenarios scenarios
COPY mockface mockface
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels .

FROM python:3.13-slim
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir /wheels/*.whl && rm -r /wheels
USER 10001:10001
# Scenario files of the team's own are mounted here, read-only; without a mount it is empty and nothing is missed.
ENV MOCKFACE_HOST=0.0.0.0 MOCKFACE_PORT=8641 PYTHONDONTWRITEBYTECODE=1
EXPOSE 8641
HEALTHCHECK --interval=10s --timeout=4s --start-period=5s --start-interval=100ms CMD ["mockface", "health"]
ENTRYPOINT ["mockface"]
CMD ["serve"]
