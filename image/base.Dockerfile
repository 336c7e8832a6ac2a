# Stands in for the production base where no registry can be reached; image/base.sh fills the context.
FROM scratch
COPY . /
