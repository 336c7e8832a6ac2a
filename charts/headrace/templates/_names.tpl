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
{{- /* What the operator does in a namespace that it watches; nothing here is wider than one of its calls. */}}
{{- define "headrace.workloadRules" -}}
- apiGroups: [headrace.dev]
  resources: [sparkjobs]
  verbs: [get, list, watch]
{{- /* patch: its finalizer, so that pods stop in order and volumes are dealt with. */}}
- apiGroups: [headrace.dev]
  resources: [hdfsclusters]
  verbs: [get, list, watch, patch]
- apiGroups: [headrace.dev]
  resources: [sparkjobs/status, hdfsclusters/status]
  verbs: [update]
{{- /* Owner references that block deletion need it where OwnerReferencesPermissionEnforcement is on. */}}
- apiGroups: [headrace.dev]
  resources: [sparkjobs/finalizers, hdfsclusters/finalizers]
  verbs: [update]
{{- /* patch: takes its finalizer off a driver's pod when the outcome is in the status; tells a datanode's pod its rack. */}}
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch, create, patch, delete]
{{- /* patch: growth, and whose data is on them. delete: only where deletionPolicy says Delete, or the volume is gone already. */}}
- apiGroups: [""]
  resources: [persistentvolumeclaims]
  verbs: [list, watch, create, patch, delete]
- apiGroups: [""]
  resources: [services]
  verbs: [get, list, watch, create, patch]
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [get, list, watch, create, patch, delete]
{{- /* By name: scripts out of ConfigMaps, and what it made itself. It cannot list them. */}}
- apiGroups: [""]
  resources: [configmaps]
  verbs: [get, create, patch, delete]
- apiGroups: [""]
  resources: [secrets]
  verbs: [get, create, delete]
- apiGroups: [""]
  resources: [events]
  verbs: [create, patch]
{{- end }}
