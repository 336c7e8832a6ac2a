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
  verbs: [get, list, watch]
- apiGroups: [headrace.dev]
  resources: [sparkjobs/status]
  verbs: [update]
{{- /* Owner references that block deletion need it where OwnerReferencesPermissionEnforcement is on. */}}
- apiGroups: [headrace.dev]
  resources: [sparkjobs/finalizers]
  verbs: [update]
{{- /* patch: takes its finalizer off a driver's pod when the outcome is in the status. */}}
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch, create, patch, delete]
{{- /* By name: scripts out of ConfigMaps, and the secrets that it made. It cannot list them. */}}
- apiGroups: [""]
  resources: [configmaps, secrets]
  verbs: [get, create, delete]
- apiGroups: [""]
  resources: [events]
  verbs: [create, patch]
{{- end }}
