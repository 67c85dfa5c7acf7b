/** What a new document begins with, by its type. */
export const TEMPLATES: Readonly<Record<string, string>> = {
  Command: `schemaVersion: "2.2"
description: Says hello.
parameters:
  Name:
    type: String
    description: Whom to greet.
    default: world
    interpolationType: ENV_VAR
mainSteps:
  - name: sayHello
    action: aws:runShellScript
    precondition:
      StringEquals:
        - platformType
        - Linux
    inputs:
      timeoutSeconds: 60
      runCommand:
        - echo "Hello, $SSM_Name"
`,
  Session: `schemaVersion: "1.0"
description: A shell that ends when nobody types.
sessionType: Standard_Stream
inputs:
  idleSessionTimeout: 20
  maxSessionDuration: 480
  runAsEnabled: false
  shellProfile:
    linux: cd ~
`,
  Automation: `schemaVersion: "0.3"
description: Waits for a minute.
mainSteps:
  - name: wait
    action: aws:sleep
    inputs:
      Duration: PT1M
`,
  Policy: `schemaVersion: "2.0"
description: Collects what is installed.
mainSteps:
  - name: collect
    action: aws:softwareInventory
    inputs:
      applications: Enabled
`,
  ChangeCalendar: `BEGIN:VCALENDAR
PRODID:-//AWS//Change Calendar 1.0//EN
VERSION:2.0
X-CALENDAR-TYPE:DEFAULT_OPEN
END:VCALENDAR
`,
}
