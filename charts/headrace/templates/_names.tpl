{{- define "headrace.name" -}}
{{ .Release.Name | trunc 50 | trimSuffix "-" }}
{{- end }}
{{- define "headrace.serviceAccountName" -}}
{{ .Values.serviceAccount.name | default (include "headrace.name" .) }}
{{- end }}
{{- define "headrace.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}
{{- define "headrace.selector" -}}
app.kubernetes.io/name: headrace
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: operator
{{- end }}
{{- define "headrace.labels" -}}
{{ include "headrace.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}
{{- /* What the operator does in a namespace with jobs; nothing here is wider than one of its calls. */}}
{{- define "headrace.jobRules" -}}
- apiGroups: [headrace.dev]
  resources: [sparkjobs]
  verbs: [get, list, watch, update, patch]
- apiGroups: [headrace.dev]
  resources: [sparkjobs/status]
  verbs: [get, update, patch]
- apiGroups: [headrace.dev]
  resources: [sparkjobs/finalizers]
  verbs: [update]
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch, create, delete]
- apiGroups: [""]
  resources: [configmaps, secrets]
  verbs: [get, create, patch, delete]
- apiGroups: [""]
  resources: [events]
  verbs: [create, patch]
{{- end }}
